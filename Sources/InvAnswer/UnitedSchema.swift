import InvBytes
import InvFormat
import InvSystem

/// What several indexes have in common.
struct UnitedSchema {
  private(set) var schema: PrefixSchema
  private(set) var names: [[[UInt8]?]?] = []
  let code: PointCode
  /// By dimension that not all have, or not the same: why nothing can be told by it.
  private(set) var refusals: [String: String] = [:]

  init(_ indexes: [Index]) throws(Failure) {
    try Self.check(indexes)
    let schemas = indexes.map(\.schema)
    var common: [Dimension] = []
    for (number, schema) in schemas.enumerated() {
      for dimension in schema.dimensions where refusals[dimension.name] == nil {
        let other = schemas.firstIndex { !$0.dimensions.contains(dimension) }
        if let other {
          refusals[dimension.name] = Self.refusal(dimension, indexes[number], indexes[other])
        } else if number == 0 {
          common.append(dimension)
        }
      }
    }
    func all(_ has: (PrefixSchema) -> Bool) -> Bool { schemas.allSatisfy(has) }
    // Where only some have times of modification, "newest" would be two things.
    let hasModified = all(\.hasModified)
    schema = PrefixSchema(
      dimensions: common, hasListed: all(\.hasListed), hasModified: hasModified,
      hasAccessed: all(\.hasAccessed) && (hasModified || all { !$0.hasModified }),
      ageOf: schemas[0].ageOf, sizeOf: schemas[0].sizeOf, origins: schemas.flatMap(\.origins))
    names = common.map { _ in nil }
    for (place, dimension) in common.enumerated() where dimension.axis == .word {
      (schema.words[place], names[place]) = Self.words(of: dimension, indexes)
    }
    do throws(FormatError) { code = try schema.pointCode() } catch {
      throw .usage("the indexes together: \(error.what)")
    }
  }

  private static func check(_ indexes: [Index]) throws(Failure) {
    var (objects, bytes): (UInt64, UInt64) = (0, 0)
    for (number, index) in indexes.enumerated() {
      let manifest = index.manifest
      for other in indexes[..<number] {
        let both = "\(printable(other.path)) and \(printable(index.path))"
        guard other.manifest.build != manifest.build else {
          throw .usage("\(both) are the same index: it would count twice")
        }
        guard other.schema.ageOf == index.schema.ageOf else {
          throw .usage(
            "\(both) cannot be added: the age is that of the time \(other.schema.ageOf.rawValue)"
              + " in one, of the time \(index.schema.ageOf.rawValue) in the other")
        }
        guard other.schema.sizeOf == index.schema.sizeOf else {
          throw .usage(
            "\(both) cannot be added: bytes are of the \(other.schema.sizeOf.rawValue) size in one,"
              + " of the \(index.schema.sizeOf.rawValue) size in the other")
        }
      }
      let (moreObjects, first) = objects.addingReportingOverflow(manifest.objects)
      let (moreBytes, second) = bytes.addingReportingOverflow(manifest.bytes)
      guard !first, !second else { throw .data("the sum of the indexes is over 2^64") }
      (objects, bytes) = (moreObjects, moreBytes)
    }
  }

  private static func refusal(_ dimension: Dimension, _ one: Index, _ other: Index) -> String {
    let (first, second) = (printable(one.path), printable(other.path))
    return other.schema.dimensions.contains { $0.name == dimension.name }
      ? "dimension '\(dimension.name)' has other values in \(first) than in \(second)"
      : "\(first) has a dimension '\(dimension.name)', and \(second) has none"
  }

  /// The words of a dimension, in the order of bytes, and the first name that each has.
  private static func words(
    of dimension: Dimension, _ indexes: [Index]
  ) -> ([[UInt8]], [[UInt8]?]?) {
    var all: Set<[UInt8]> = []
    var known: [[UInt8]: [UInt8]] = [:]
    var hasNames = false
    for index in indexes {
      guard let own = index.schema.dimensions.firstIndex(of: dimension) else { continue }
      let names = index.manifest.names[own]
      hasNames = hasNames || names != nil
      all.formUnion(index.schema.words[own])
      for (word, name) in zip(index.schema.words[own], names ?? []) {
        if known[word] == nil { known[word] = name }
      }
    }
    let words = all.sorted { $0.lexicographicallyPrecedes($1) }
    return (words, hasNames ? words.map { known[$0] } : nil)
  }
}
