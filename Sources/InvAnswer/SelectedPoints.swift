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
  /// Points before this one are allowed: mostly those of the state current, and nothing else is asked.
  private var limit: UInt64 = 0

  init(_ selection: Selection, _ code: PointCode) {
    for (place, allowed) in selection.allowed.enumerated() {
      guard let allowed else { continue }
      tests.append(
        Test(
          shift: code.shift(of: place), mask: code.mask(of: place), start: answers.count,
          count: UInt64(allowed.count)))
      answers += allowed
    }
    // The state's values come first in a code.
    if tests.count == 1, let states = selection.allowed[0], states.first == true {
      limit = code.part(0, 1)
    }
  }

  @inline(__always)
  func contains(_ point: UInt64) -> Bool {
    if point < limit { return true }
    for test in tests {
      let value = (point &>> test.shift) & test.mask
      guard value < test.count, answers[test.start &+ Int(truncatingIfNeeded: value)] else {
        return false
      }
    }
    return true
  }
}
