// The same answer on every machine: no clock, no host zone, no chance, no arithmetic that differs by runtime,
// and no way around the type checker.
import ts from 'typescript'
import { type Finding, finding, lineAt, nodesOf, type Source } from './sources.js'

/** What a node does that src must not do; the rule's name is for the message. */
interface Offence {
  readonly rule: string
  readonly message: string
}

type Ban = (node: ts.Node, source: Source) => Offence | undefined

const zones = 'src/kernel/tzdata.ts'
const mayUseIntl = (file: string) => file === zones || file.startsWith('src/testing/oracle/')

/** IEEE 754 defines these to the last bit; `log`, `exp`, `pow`, `sin` and the rest are the kernel's own. */
const portableMath = [
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
]

const dateParts = ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds', 'Year']
const hostZone = new Set([
  ...dateParts.flatMap((part) => [`get${part}`, `set${part}`]),
  ...['getTimezoneOffset', 'toDateString', 'toTimeString'],
])
const hostLocale = new Set([
  ...['localeCompare', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'],
  ...['toLocaleUpperCase', 'toLocaleLowerCase'],
])

/** Names of the host that a pure library does not know. */
const hostNames = new Set([
  ...['process', 'console', 'fetch', 'performance', 'crypto', 'globalThis', 'queueMicrotask'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
])

const clocks: Ban = (node) => {
  if (isMember(node, 'Date', 'now')) return { rule: 'clock', message: 'Date.now: take asOf as an argument' }
  if (!isCallOf(node, 'Date')) return undefined
  if (ts.isCallExpression(node)) return { rule: 'clock', message: 'Date() reads the clock' }
  if (node.arguments?.length === 1) return undefined
  const many = (node.arguments?.length ?? 0) > 1
  return many
    ? { rule: 'host-zone', message: 'new Date(year, month, …) is a local time of the host' }
    : { rule: 'clock', message: 'new Date() reads the clock' }
}

const hostZones: Ban = (node) => {
  const name = memberName(node)
  if (name === undefined) return undefined
  if (hostZone.has(name)) return { rule: 'host-zone', message: `${name} reads the host's zone` }
  if (hostLocale.has(name)) return { rule: 'host-locale', message: `${name} reads the host's locale` }
  return undefined
}

const internationalisation: Ban = (node, source) =>
  isReference(node, 'Intl') && !mayUseIntl(source.file)
    ? { rule: 'intl', message: `Intl belongs to ${zones}` }
    : undefined

const mathematics: Ban = (node) => {
  if (!isReference(node, 'Math')) return undefined
  const name = memberName(node.parent)
  if (name === 'random')
    return { rule: 'chance', message: 'Math.random: take a seeded generator as an argument' }
  if (name !== undefined && portableMath.includes(name)) return undefined
  return { rule: 'portable-math', message: `Math.${name ?? '…'} differs between runtimes` }
}

const powers: Ban = (node) => {
  if (!ts.isBinaryExpression(node)) return undefined
  const operator = node.operatorToken.kind
  const raises =
    operator === ts.SyntaxKind.AsteriskAsteriskToken || operator === ts.SyntaxKind.AsteriskAsteriskEqualsToken
  return raises ? { rule: 'portable-math', message: '** differs between runtimes' } : undefined
}

const generatedCode: Ban = (node) =>
  isReference(node, 'eval') || isReference(node, 'Function')
    ? { rule: 'generated-code', message: 'a definition is data and is never compiled from text' }
    : undefined

const dynamicPatterns: Ban = (node) => {
  if (!isCallOf(node, 'RegExp')) return undefined
  const pattern = node.arguments?.[0]
  const literal =
    pattern !== undefined && (ts.isStringLiteralLike(pattern) || ts.isRegularExpressionLiteral(pattern))
  return literal
    ? undefined
    : { rule: 'dynamic-pattern', message: 'a pattern made from data can hang the host' }
}

const hosts: Ban = (node, source) => {
  if (!ts.isIdentifier(node) || !hostNames.has(node.text) || !isReference(node, node.text)) return undefined
  if (declares(source, node.text)) return undefined
  return { rule: 'host', message: `${node.text} belongs to the host` }
}

const loops: Ban = (node) =>
  ts.isForInStatement(node)
    ? { rule: 'for-in', message: 'for…in visits inherited keys; use Object.entries' }
    : undefined

const assertions: Ban = (node) =>
  (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) &&
  node.type.kind === ts.SyntaxKind.AnyKeyword
    ? { rule: 'unchecked', message: 'as any switches the checker off' }
    : undefined

const bans: readonly Ban[] = [
  ...[clocks, hostZones, internationalisation, mathematics, powers, generatedCode, dynamicPatterns],
  ...[hosts, loops, assertions],
]

/** Every banned expression of a source. */
export function purity(source: Source): readonly Finding[] {
  return [...nodesOf(source.tree)].flatMap((node) =>
    bans.flatMap((ban) => {
      const offence = ban(node, source)
      return offence === undefined ? [] : [finding(offence.rule, source, node, offence.message)]
    }),
  )
}

/** Comments that switch the checker off for a line or a file. */
export function directives(source: Source): readonly Finding[] {
  const text = source.tree.text
  return commentsOf(source.tree)
    .filter(({ pos, end }) => /^\/[/*]+\s*@ts-(ignore|expect-error|nocheck)/.test(text.slice(pos, end)))
    .map(({ pos }) => ({
      rule: 'unchecked',
      file: source.file,
      line: lineAt(source, pos),
      message: 'a directive switches the checker off',
    }))
}

function commentsOf(tree: ts.SourceFile): readonly ts.CommentRange[] {
  const comments = new Map<number, ts.CommentRange>()
  for (const node of tokensOf(tree, tree)) {
    const ranges = [
      ...(ts.getLeadingCommentRanges(tree.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(tree.text, node.getEnd()) ?? []),
    ]
    for (const range of ranges) comments.set(range.pos, range)
  }
  return [...comments.values()].sort((a, b) => a.pos - b.pos)
}

function* tokensOf(node: ts.Node, tree: ts.SourceFile): Generator<ts.Node> {
  const children = node.getChildren(tree).filter((child) => !ts.isJSDoc(child))
  if (children.length === 0) yield node
  for (const child of children) yield* tokensOf(child, tree)
}

/** The property that an access names, as `x.name` or `x['name']`. */
function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return node.argumentExpression.text
  }
  return undefined
}

function isMember(node: ts.Node, object: string, name: string): boolean {
  return memberName(node) === name && isReference((node as ts.PropertyAccessExpression).expression, object)
}

function isCallOf(node: ts.Node, name: string): node is ts.CallExpression | ts.NewExpression {
  return (ts.isCallExpression(node) || ts.isNewExpression(node)) && isReference(node.expression, name)
}

/** Whether a node is the value `name`, rather than a property, a declaration or a type of that name. */
function isReference(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) || node.text !== name) return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false
  return !isNameIn(parent, node)
}

/** Whether a declaration, an import or an export merely names something so. */
function isNameIn(parent: ts.Node, node: ts.Identifier): boolean {
  const { name, propertyName } = parent as { readonly name?: ts.Node; readonly propertyName?: ts.Node }
  return name === node || propertyName === node
}

/** Whether a source has a variable, parameter or function of its own by this name. */
function declares(source: Source, name: string): boolean {
  return [...nodesOf(source.tree)].some(
    (node) =>
      (ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isBindingElement(node) ||
        ts.isFunctionDeclaration(node)) &&
      node.name?.getText(source.tree) === name,
  )
}
