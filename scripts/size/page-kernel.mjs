// What a page takes from the kernel: it names events, judges rules as of a moment and runs an engine.
export { all, calendarOf, complete, defineEvents, instant, not } from 'liuliang/kernel'
