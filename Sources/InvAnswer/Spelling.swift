/// The first of `names` with the least edit distance from `word`, if that is at most a third of the
/// word or 1.
func nearest(to word: [UInt8], among names: [[UInt8]]) -> [UInt8]? {
  var best: (name: [UInt8], distance: Int)?
  for name in names {
    let limit = min(max(1, word.count / 3), best.map { $0.distance - 1 } ?? .max)
    // Lengths that differ by more need no look.
    guard abs(name.count - word.count) <= limit else { continue }
    let distance = editDistance(word, name)
    if distance <= limit { best = (name, distance) }
  }
  return best?.name
}

/// How many bytes must be put in, taken out or replaced to make one word the other (Levenshtein).
private func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
  var row = Array(0...other.count)
  for (i, byte) in one.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in other.indices {
      let replaced = diagonal + (byte == other[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[other.count]
}
