/** A sum of floats that carries the error of every addition along (Neumaier 1974), for what is summed as it comes. */
export class RunningSum {
  private sum = 0
  private lost = 0

  add(value: number): void {
    const next = this.sum + value
    this.lost += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum
    this.sum = next
  }

  get value(): number {
    const total = this.sum + this.lost
    // Beyond the range, the compensation is lost as well.
    return Number.isNaN(total) ? this.sum : total
  }
}
