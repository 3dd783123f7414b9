import InvFormat

/// How the points of one index are numbered among those of several.
struct PointTranslation {
  private struct Part {
    /// Which dimension of the index, and of all.
    let own: Int
    let united: Int
    /// By value of the index; nil where the values are the same.
    let values: [UInt64]?
  }

  private let parts: [Part]
  private let own: PointCode
  private let united: PointCode
  private let ownSchema: PrefixSchema

  /// Nil where every point has the same number in both.
  init?(_ index: Index, to schema: PrefixSchema, _ code: PointCode) {
    ownSchema = index.schema
    (own, united) = (index.code, code)
    let ownSchema = index.schema
    if ownSchema.dimensions == schema.dimensions, ownSchema.words == schema.words { return nil }
    parts = schema.dimensions.enumerated().compactMap { place, dimension in
      guard let own = ownSchema.dimensions.firstIndex(of: dimension) else { return nil }
      guard dimension.axis == .word, ownSchema.words[own] != schema.words[place] else {
        return Part(own: own, united: place, values: nil)
      }
      var numbers: [[UInt8]: UInt64] = [:]
      for (number, word) in schema.words[place].enumerated() { numbers[word] = UInt64(number) }
      return Part(
        own: own, united: place, values: ownSchema.words[own].map { numbers[$0] ?? 0 })
    }
  }

  /// The number that a point of the index has among all.
  func code(_ point: UInt64) -> UInt64 {
    var code: UInt64 = 0
    for part in parts {
      code |= united.part(part.united, value(own.value(part.own, of: point), part))
    }
    return code
  }

  /// The dimension of the index that is at `place` of all.
  func place(_ place: Int) -> Int? { parts.first { $0.united == place }?.own }

  /// The number that a value of the dimension at `place` of all has there.
  func value(_ value: Int, at place: Int) -> Int {
    guard let part = parts.first(where: { $0.united == place }) else { return value }
    return Int(self.value(UInt64(value), part))
  }

  private func value(_ value: UInt64, _ part: Part) -> UInt64 {
    guard let values = part.values else { return value }
    // The reader of the cells has checked that the index has the value.
    return value < UInt64(values.count) ? values[Int(value)] : 0
  }

  /// What `selection` of all allows of the index.
  func own(_ selection: Selection) -> Selection {
    var own = Selection(ownSchema)
    for part in parts {
      guard let allowed = selection.allowed[part.united] else { continue }
      own.restrict(
        part.own,
        to: (0..<ownSchema.sizes[part.own]).map { allowed[Int(value(UInt64($0), part))] })
    }
    return own
  }
}
