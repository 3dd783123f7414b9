import InvBytes
public import InvFormat
public import InvSystem

/// What of the ages of a part of the objects is known: into which bands of the index they fall.
public struct AgeBands: Sendable {
  private let place: Int
  private let edges: [UInt64]

  /// Nil where the index has no ages by the time that is asked about.
  public init?(_ schema: PrefixSchema, of time: PrefixSchema.AgeOf) {
    guard schema.ageOf == time,
      let place = schema.dimensions.firstIndex(where: { $0.name == Dimension.age.name }),
      case .band(let edges, unknown: true) = schema.dimensions[place].axis
    else { return nil }
    (self.place, self.edges) = (place, edges)
  }

  /// The first band of what is older than `limit`; `option` is what asks for it, with `part`.
  public func band(_ limit: AgeLimit, _ option: String, _ part: String) throws(Failure) -> Int {
    let known = "\(option) goes with \(part) only where a band of ages begins"
    guard case .days(let days) = limit else { throw .usage("\(known): give an age, not a date") }
    // The first band has also what is newer than the snapshot.
    if days == 0 {
      throw .usage("\(option) 0d does not go with \(part): ages end at the snapshot")
    }
    if let band = edges.firstIndex(of: days) { return band }
    let after = edges.firstIndex { $0 > days } ?? edges.count
    let near = edges[max(0, after - 1)..<min(after + 1, edges.count)]
      .map { BandUnit.days.text($0) }.joined(separator: " and ")
    throw .usage("\(known); the nearest \(near.contains(" ") ? "are" : "is") \(near)")
  }

  /// The band of the youngest of the objects that count; nil where none of them has an age.
  func youngest(_ reader: UnionReader, _ position: Int) throws(FormatError) -> Int? {
    var youngest = edges.count
    let (code, unknown) = (reader.union.code, edges.count)
    try reader.readParts(position) { cells throws(FormatError) in
      for index in cells.indices where reader.counts(cells[index]) {
        let cell = cells[index]
        youngest = min(youngest, Int(clamping: code.value(place, of: cell.code)))
      }
    }
    return youngest < unknown ? youngest : nil
  }
}
