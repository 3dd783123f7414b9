import InvBytes
public import InvFormat
public import InvSystem
public import InvText

/// Writes the rows of listings into a stream of object rows, as the rows of one source after another.
public struct ListedRows: ~Copyable {
  private let writer: ObjectWriter
  private let mount: [UInt8]
  private let excluded: [Glob]
  private let (state, size, storageClass, modified): (Int?, Int, Int, Int)
  private var builder: ObjectBlockBuilder
  private let source: UInt32
  /// The key written last, under its mount.
  private var key: [UInt8] = []
  /// The words of the classes, by their spellings.
  private var words: [(spelling: [UInt8], word: UInt32)] = []
  public private(set) var counted: UInt64 = 0
  /// How many rows match one of the patterns.
  public private(set) var leftOut: UInt64 = 0

  /// The columns of a listing.
  public static func schema(hasVersions: Bool) -> ObjectSchema {
    ObjectSchema([.key, .size, .storageClass, .modified] + (hasVersions ? [.state] : []))
  }

  /// Rows are to be those of `source`, which `writer`, with the columns of `schema`, has announced.
  public init(_ writer: ObjectWriter, source: UInt32, mount: [UInt8] = [], excluding: [Glob] = []) {
    self.writer = writer
    self.source = source
    self.mount = mount
    excluded = excluding
    builder = ObjectBlockBuilder(writer.schema)
    state = writer.schema.place(.state)
    size = writer.schema.place(.size) ?? 0
    storageClass = writer.schema.place(.storageClass) ?? 0
    modified = writer.schema.place(.modified) ?? 0
  }

  /// Adds the rows of a page.
  public mutating func add(_ page: ListingPage) throws(Failure) {
    var classes: [UInt32] = []
    for name in page.classes { classes.append(try word(name)) }
    for row in page.rows {
      let bytes = page.keys.raw.extracting(row.start..<row.start + row.count)
      try add(
        bytes, state: row.state.rawValue, size: row.size, storageClass: classes[row.storageClass],
        modified: row.modified)
    }
  }

  /// The number of the class that a server spells so.
  public mutating func word(_ spelling: [UInt8]) throws(Failure) -> UInt32 {
    if let known = words.first(where: { $0.spelling == spelling }) { return known.word }
    let name = spelling.isEmpty ? [] : StorageTier.spelling(class: spelling)
    let word = try writer.word(name, at: storageClass)
    words.append((spelling, word))
    return word
  }

  /// Adds one row, unless its key is excluded.
  @inline(__always)
  public mutating func add(
    _ bytes: RawSpan, state: UInt8, size: UInt64, storageClass: UInt32, modified: Int64
  ) throws(Failure) {
    if key.isEmpty { key = mount }
    let common = commonPrefix(key.raw.extracting(droppingFirst: mount.count), bytes)
    let kept = mount.count + common
    if !excluded.isEmpty {
      let whole = key[..<kept] + bytes.array(common..<bytes.byteCount)
      for glob in excluded where glob.matches(whole[...]) {
        leftOut += 1
        return
      }
    }
    if kept < key.count { key.removeSubrange(kept...) }
    unsafe bytes.extracting(droppingFirst: common).withUnsafeBytes {
      unsafe key.append(contentsOf: $0)
    }
    guard key.count <= Container.keyLimit else {
      throw .data("a key of more than \(Container.keyLimit) bytes, under its mount")
    }
    if let place = self.state { builder.set(place, UInt64(state)) }
    builder.set(self.size, size)
    builder.set(self.storageClass, UInt64(storageClass))
    builder.set(self.modified, UInt64(bitPattern: modified))
    Self.append(key, sharing: kept, to: &builder)
    counted += 1
    if builder.isFull { try flush() }
  }

  private static func append(
    _ key: [UInt8], sharing common: Int, to builder: inout ObjectBlockBuilder
  ) {
    builder.append(key.span, sharing: common)
  }

  /// Writes the rows at hand.
  public mutating func flush() throws(Failure) {
    let rows = builder.rows
    if rows > 0 { try writer.write(builder.flush(source: source), rows: rows) }
  }
}
