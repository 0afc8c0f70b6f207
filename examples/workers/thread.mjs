// Threads do not inherit how TypeScript is loaded; a program that is built starts its built thread instead.
import { register } from 'tsx/esm/api'

register()
await import('./collector.ts')
