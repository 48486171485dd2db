import { z } from 'zod'
import { listOf } from '../../http/addresses.ts'

const network = z.string().refine(isNetwork, 'expected an address or a network such as 10.0.0.0/8')

/** config/network.yaml */
export const networkFile = z.strictObject({
  allow_private: z
    .array(network)
    .default([])
    .describe('networks that webhooks and feeds may reach although private'),
})

function isNetwork(value: string): boolean {
  try {
    listOf([value])
    return true
  } catch {
    return false
  }
}
