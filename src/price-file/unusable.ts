/** A file that cannot be read, or not to its end. */
import { UserError } from '../errors.ts'

/** A row that cannot be used. */
export interface Fault {
  file: string
  /** from 1, the header included; 0: the file as a whole */
  line: number
  problem: string
}

export class PriceFileError extends UserError {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(faultText(fault))
    this.fault = fault
  }
}

/** 'prices.csv:7: price: found "0", expected ...' */
export function faultText({ file, line, problem }: Fault): string {
  return line === 0 ? `${file}: ${problem}` : `${file}:${line}: ${problem}`
}
