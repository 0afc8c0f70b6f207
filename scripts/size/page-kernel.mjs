// What a page takes from the kernel when it judges rules and shows why.
export { calendarOf, instant } from 'liuliang/kernel'
