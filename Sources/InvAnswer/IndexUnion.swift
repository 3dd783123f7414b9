public import InvBytes
public import InvFormat
public import InvSystem

/// One index, or several that are asked as one: what each of them has is added up.
///
/// An entry is a number. Of a single index it is its position; of several this class numbers those that
/// somebody looks at, and knows where each is.
public final class IndexUnion {
  public let indexes: [Index]
  /// The dimensions that all have, with the words of any, and what else holds for all.
  public let schema: PrefixSchema
  /// By dimension: the names of its words; nil where it has none.
  public let names: [[[UInt8]?]?]
  public let code: PointCode
  /// How the points of each index are numbered here; nil where as they are there.
  let translations: [PointTranslation?]
  /// Why dimensions of some index are not among those of all.
  private let refusals: [String: String]
  /// Of several indexes: the positions of each numbered entry, as many as there are indexes.
  private var places: [Int] = []
  private static let nowhere = -1

  public init(_ index: Index) {
    (indexes, schema, code) = ([index], index.schema, index.code)
    (names, translations, refusals) = (index.manifest.names, [nil], [:])
  }

  /// Refused are indexes whose sums mean different things or are too great.
  public init(_ indexes: [Index]) throws(Failure) {
    let schemas = try UnitedSchema(indexes)
    (self.indexes, schema, names) = (indexes, schemas.schema, schemas.names)
    (code, refusals) = (schemas.code, schemas.refusals)
    translations = indexes.map { PointTranslation($0, to: schemas.schema, schemas.code) }
    // The root is entry 0 here too.
    places = indexes.map { _ in 0 }
  }

  public var isSeveral: Bool { indexes.count > 1 }

  /// Refuses to answer about a dimension that is another in some index.
  public func require(_ dimension: String) throws(Failure) {
    if let refusal = refusals[dimension] { throw .usage(refusal) }
  }

  /// Whether the objects of all have times, of the same kind.
  public var hasTimes: Bool { schema.hasModified || schema.hasAccessed }

  /// Whether it is known of all what noncurrent versions there are.
  public var hasVersions: Bool {
    indexes.allSatisfy { $0.schema.origins.contains { $0.columns.contains("state") } }
  }

  /// How many rows did not count, of all.
  public func auditCount(_ count: (Audit) -> UInt64) -> UInt64 {
    indexes.reduce(0) { $0 &+ count($1.manifest.audit) }
  }

  /// The sources of the entry, which has that prefix.
  public func origins(_ entry: Int, _ prefix: [UInt8]) -> [Origin] {
    let those = indexes.indices.filter { place(of: entry, in: $0) != nil }
      .flatMap { indexes[$0].schema.origins }
    if those.count == 1 { return those }
    return those.filter { prefix.starts(with: $0.mount) || $0.mount.starts(with: prefix) }
  }

  /// The entry of `prefix`, which is empty or ends in a slash; nil where no index has it.
  public func find(_ prefix: [UInt8]) throws(FormatError) -> Int? {
    if !isSeveral { return try indexes[0].find(prefix) }
    var row = [Int](repeating: Self.nowhere, count: indexes.count)
    for (number, index) in indexes.enumerated() {
      do throws(FormatError) {
        if let position = try index.find(prefix) { row[number] = position }
      } catch { throw fault(error, in: number) }
    }
    return row.allSatisfy { $0 == Self.nowhere } ? nil : entry(at: row)
  }

  /// Whether there are names that begin with a slash.
  public var hasRootSlash: Bool {
    get throws(Failure) {
      do throws(FormatError) { return try find([0x2f]) != nil } catch { throw failure(error) }
    }
  }

  /// The longest prefix of `prefix` that is there.
  public func nearest(_ prefix: [UInt8]) throws(FormatError) -> [UInt8] {
    var longest: [UInt8] = []
    for (number, index) in indexes.enumerated() {
      do throws(FormatError) {
        let nearest = try index.nearest(prefix).prefix
        if nearest.count > longest.count { longest = nearest }
      } catch { throw fault(error, in: number) }
    }
    return longest
  }

  /// Where the entry is in an index; nil where it is not there.
  @inline(__always)
  func place(of entry: Int, in number: Int) -> Int? {
    if !isSeveral { return entry }
    let position = places[entry * indexes.count + number]
    return position == Self.nowhere ? nil : position
  }

  /// A number for the entry that is at these positions, -1 for none.
  func entry(at row: [Int]) -> Int {
    places += row
    return places.count / indexes.count - 1
  }

  /// Lets the number of an entry that nobody asks about any more be that of another, if it is the last.
  func forget(_ entry: Int) {
    if isSeveral, places.count == (entry + 1) * indexes.count { places.removeLast(indexes.count) }
  }

  /// The error with the name of the index where there are several.
  func fault(_ error: FormatError, in number: Int) -> FormatError {
    isSeveral
      ? FormatError("\(printable(indexes[number].path)): \(error.what)", at: error.at) : error
  }

  /// The sentence for a fault of which this told.
  public func failure(_ error: FormatError) -> Failure {
    isSeveral ? Failure.data(error.what) : indexes[0].failure(error)
  }
}
