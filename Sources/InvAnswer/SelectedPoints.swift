import InvFormat

/// The points that a selection allows, laid out for many questions.
struct SelectedPoints {
  private struct Test {
    let shift: UInt64
    let mask: UInt64
    /// Where the values of the dimension begin among the answers.
    let start: Int
    let count: UInt64
  }

  private var tests: [Test] = []
  private var answers: [Bool] = []

  init(_ selection: Selection, _ code: PointCode) {
    for (place, allowed) in selection.allowed.enumerated() {
      guard let allowed else { continue }
      tests.append(
        Test(
          shift: code.shift(of: place), mask: code.mask(of: place), start: answers.count,
          count: UInt64(allowed.count)))
      answers += allowed
    }
  }

  @inline(__always)
  func contains(_ point: UInt64) -> Bool {
    for test in tests {
      let value = (point &>> test.shift) & test.mask
      guard value < test.count, answers[test.start &+ Int(truncatingIfNeeded: value)] else {
        return false
      }
    }
    return true
  }
}
