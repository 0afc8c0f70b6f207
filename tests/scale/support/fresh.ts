/**
 * What an event costs a persistent state, counted instead of timed: the slots (elements of lists, keys of records) of
 * all objects that the state after it does not share with the state before. A busy machine cannot change the count.
 */
export class Fresh {
  private readonly known = new Set<object>()

  constructor(state: object) {
    this.slotsOf(state)
  }

  /** Slots of what is new in this state; from now on it is known. */
  slotsOf(state: object): number {
    let slots = 0
    const open: object[] = [state]
    for (let object = open.pop(); object !== undefined; object = open.pop()) {
      if (this.known.has(object)) continue
      this.known.add(object)
      const parts: readonly unknown[] = Object.values(object)
      slots += parts.length
      for (const part of parts) if (typeof part === 'object' && part !== null) open.push(part)
    }
    return slots
  }
}
