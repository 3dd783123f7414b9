/// The first of `names` with the least edit distance from `word`, if that is at most a third of the
/// word or 1.
func nearest(to word: String, among names: [String]) -> String? {
  let near = names.map { (name: $0, distance: editDistance(word, $0)) }
    .filter { $0.distance <= max(1, word.count / 3) }
  return near.min { $0.distance < $1.distance }?.name
}

/// How many characters must be put in, taken out or replaced to make one word the other
/// (Levenshtein).
func editDistance(_ one: String, _ other: String) -> Int {
  let other = Array(other)
  var row = Array(0...other.count)
  for (i, character) in one.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in other.indices {
      let replaced = diagonal + (character == other[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[other.count]
}
