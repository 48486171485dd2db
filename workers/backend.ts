/** What a queue needs of the store that it lives in; there are two, Postgres and Redis. */
import type { JobsOptions, KeepJobs, Processor, WorkerOptions } from 'bullmq'

export interface JobQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>
  getJobCounts(...states: ('waiting' | 'active' | 'delayed' | 'failed')[]): Promise<Record<string, number>>
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}

export interface JobWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  /** takes no new job and waits for those that run */
  close(): Promise<void>
}

export interface Backend {
  kind: 'postgres' | 'redis'
  /** how long a finished job stays, so that its twin from a late replica is recognised */
  keep: KeepJobs
  openQueue(name: string): JobQueue
  openWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): JobWorker
  /** throws while the store does not work; mends what can be mended */
  restore(): Promise<void>
  close(): Promise<void>
}
