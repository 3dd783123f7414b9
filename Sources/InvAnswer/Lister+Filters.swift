import InvBytes
import InvFormat
import InvText

extension Lister {
  /// Whether the filters let the entry pass; what costs most is asked last.
  func isListed(_ position: Int) throws(FormatError) -> Bool {
    if isAny { return true }
    guard try reader.isLeft(position) else { return false }
    guard listing.hasFilters else { return true }
    if listing.isLeavesOnly, try !reader.isLeaf(position) { return false }
    guard try matchesDepth(position), try matchesFigures(position), try matchesAccess(position),
      try matchesNames(position), try matchesAges(position)
    else { return false }
    return try isSingle(position)
  }

  private func matchesDepth(_ position: Int) throws(FormatError) -> Bool {
    guard listing.leastDepth != nil || listing.mostDepth != nil else { return true }
    let depth = try reader.depth(position)
    return depth >= UInt64(listing.leastDepth ?? 0) && depth <= UInt64(listing.mostDepth ?? .max)
  }

  private func matchesFigures(_ position: Int) throws(FormatError) -> Bool {
    guard listing.hasFigureFilters else { return true }
    let figures = try reader.figures(position)
    guard figures.objects >= listing.least.objects ?? 0,
      figures.objects <= listing.most.objects ?? .max,
      figures.bytes >= listing.least.bytes ?? 0, figures.bytes <= listing.most.bytes ?? .max,
      matchesAverage(figures)
    else { return false }
    if listing.isOlderThan == nil && listing.isNewerThan == nil { return true }
    return try isIn([figures.newest], before: listing.isOlderThan, from: listing.isNewerThan) {
      () throws(FormatError) in
      try reader.times(position) { reader, place throws(FormatError) in
        try reader.figures(place).newest
      }
    }
  }

  private func matchesAverage(_ figures: Figures) -> Bool {
    guard listing.leastAverage != nil || listing.mostAverage != nil else { return true }
    let (bytes, objects) = (UInt128(figures.bytes), UInt128(figures.objects))
    return objects > 0 && bytes >= UInt128(listing.leastAverage ?? 0) * objects
      && bytes <= UInt128(listing.mostAverage ?? .max) * objects
  }

  private func matchesAccess(_ position: Int) throws(FormatError) -> Bool {
    guard listing.isAccessedBefore != nil || listing.isAccessedAfter != nil else { return true }
    return try isIn(
      [try reader.accessed(position)], before: listing.isAccessedBefore,
      from: listing.isAccessedAfter
    ) { () throws(FormatError) in
      try reader.times(position) { reader, place throws(FormatError) in
        try reader.accessed(place)
      }
    }
  }

  /// Whether there is a time and all are before one bound, and one is from the other on.
  ///
  /// The bounds are those of each index; of several the times of each are asked for.
  private func isIn(
    _ one: [Int64?], before: [Int64]?, from: [Int64]?,
    _ several: () throws(FormatError) -> [Int64?]
  ) throws(FormatError) -> Bool {
    let times = reader.one == nil ? try several() : one
    var (isIn, isSince) = (false, from == nil)
    for (number, time) in times.enumerated() {
      guard let time else { continue }
      if let before, time >= before[number] { return false }
      if let from, time >= from[number] { isSince = true }
      isIn = true
    }
    return isIn && isSince
  }

  private func matchesNames(_ position: Int) throws(FormatError) -> Bool {
    guard listing.hasNameFilters else { return true }
    try names.move(to: position)
    // A pattern for the last part takes its slash off itself, as that part can be empty.
    let (name, path) = (names.prefix[...], names.prefix.dropLast())
    func matches(_ patterns: [Glob]) -> Bool {
      patterns.contains { $0.matches($0.isAnchored ? path : name) }
    }
    return (listing.matching.isEmpty || matches(listing.matching))
      && (listing.named.isEmpty || matches(listing.named)) && !matches(listing.excluding)
  }

  private func matchesAges(_ position: Int) throws(FormatError) -> Bool {
    if let (ages, band) = listing.leastAge {
      guard let youngest = try ages.youngest(reader, position), youngest >= band else {
        return false
      }
    }
    if let (ages, band) = listing.ageBelow {
      guard let youngest = try ages.youngest(reader, position), youngest < band else {
        return false
      }
    }
    return true
  }

  private func isSingle(_ position: Int) throws(FormatError) -> Bool {
    for place in listing.single where try reader.single(position, in: place) == nil { return false }
    return true
  }
}
