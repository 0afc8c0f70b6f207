// What a page takes from the kernel: it names events and the kinds of facts that its rules read, judges rules as of a
// moment and runs an engine.
export {
  all,
  attributeKind,
  calendarOf,
  complete,
  countKind,
  defineEventsWith,
  instant,
  lastKind,
  not,
  sumKind,
  timeSinceKind,
} from 'liuliang/kernel'
