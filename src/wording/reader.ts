/** Who reads a message, as far as its words depend on it. */
export interface Reader {
  /** IANA */
  time_zone: string
  /** how numbers are written: en, de-CH, ... */
  locale: string
  /** operators' own words by the type of the message */
  templates: Partial<Record<string, string>>
}

export const ANYBODY: Reader = { time_zone: 'UTC', locale: 'en', templates: {} }
