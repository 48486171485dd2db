export interface Line {
  label: string
  text: string
}

export interface Story {
  headline: string
  lines: Line[]
}
