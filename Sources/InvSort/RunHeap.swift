import InvSystem

/// A run of what was spilled in order, which goes forward only.
protocol SpilledRun: AnyObject {
  /// Whether what this run is at comes before what `other` is at.
  func precedes(_ other: Self) -> Bool
  /// Goes to the next; false at the end.
  func advance() throws(Failure) -> Bool
}

/// Several runs, of which the one that is least comes first.
struct RunHeap<Run: SpilledRun> {
  private var runs: [Run] = []

  /// Takes runs that are before their first.
  init(_ all: [Run]) throws(Failure) {
    for run in all where try run.advance() { runs.append(run) }
    for place in stride(from: runs.count / 2 - 1, through: 0, by: -1) { settle(place) }
  }

  /// The run that is least; nil when all have ended.
  var first: Run? { runs.first }

  /// Goes forward in the first run.
  mutating func advance() throws(Failure) {
    if try !runs[0].advance() {
      let last = runs.removeLast()
      if runs.isEmpty { return }
      runs[0] = last
    }
    settle(0)
  }

  private mutating func settle(_ place: Int) {
    var place = place
    while true {
      var least = 2 * place + 1
      if least >= runs.count { return }
      if least + 1 < runs.count, runs[least + 1].precedes(runs[least]) { least += 1 }
      if !runs[least].precedes(runs[place]) { return }
      runs.swapAt(least, place)
      place = least
    }
  }
}
