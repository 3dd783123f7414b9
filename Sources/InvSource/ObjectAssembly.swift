import InvBytes
import InvFormat
import InvSystem

/// Makes blocks of object rows out of keys and values, whatever they come from.
struct ObjectAssembly: ~Copyable {
  private let choice: RowChoice
  private let writer: ObjectWriter
  private let isEverything: Bool
  private var builder: ObjectBlockBuilder
  private var keys: KeyDecoder
  /// Where the columns are among those of the writer.
  let (state, size, storageClass, modified): (Int, Int, Int, Int)
  let wordPlaces: [Int]
  /// The classes of rows that name none: of objects, of delete markers.
  private var unnamed: [UInt32?] = [nil, nil]
  private var source: UInt32 = 0
  /// How many keys had a `%` without two digits.
  private(set) var malformedKeys: UInt64 = 0
  /// Why `writer` could not take something: nothing more can be written.
  private(set) var loss: Failure?

  /// Assembles rows of `layout` into blocks for `writer`, whose columns are those of `layout`; keys are
  /// URL-decoded when they are encoded.
  init(_ layout: CSVLayout, _ choice: RowChoice, _ writer: ObjectWriter, isEncoded: Bool) {
    self.choice = choice
    self.writer = writer
    isEverything = choice.isEverything
    builder = ObjectBlockBuilder(writer.schema)
    keys = KeyDecoder(isEncoded: isEncoded, joins: !choice.isEverything)
    let schema = writer.schema
    state = schema.place(.state) ?? -1
    size = schema.place(.size) ?? -1
    storageClass = schema.place(.storageClass) ?? -1
    modified = schema.place(.modified) ?? -1
    wordPlaces = layout.words.map { schema.place($0.name) ?? -1 }
  }

  /// Starts a file, whose rows carry `source` and whose keys go under `mount`.
  mutating func begin(source: UInt32, mount: [UInt8]) {
    self.source = source
    malformedKeys = 0
    keys.begin(mount: mount)
  }

  /// Sets the column at `place` of the row that the next key completes.
  @inline(__always)
  mutating func set(_ place: Int, _ value: UInt64) { builder.set(place, value) }

  /// Completes a row with the key at `start` of `text`, behind which 32 bytes can be read, unless there
  /// is something against it.
  @inline(__always)
  mutating func complete(_ text: RawSpan, _ start: Int, _ count: Int) throws(Failure) -> RowVerdict
  {
    let verdict = keys.prepare(text, start, count)
    if verdict != .counted { return verdict }
    if !isEverything {
      keys.join()
      let verdict = choice.verdict(keys.joined, keys.joinedCount)
      if verdict != .counted {
        keys.drop()
        return verdict
      }
    }
    keys.keep(text, start, count, in: &builder)
    if keys.isMalformed { malformedKeys += 1 }
    if builder.isFull { try flush() }
    return .counted
  }

  /// Writes the rows at hand.
  mutating func flush() throws(Failure) {
    let rows = builder.rows
    guard rows > 0 else { return }
    do throws(Failure) {
      try writer.write(builder.flush(source: source), rows: rows)
    } catch {
      loss = error
      throw error
    }
  }

  /// The index of the class of a row that names none.
  @inline(__always)
  mutating func unnamedClass(isMarker: Bool) throws(Failure) -> UInt32 {
    let place = isMarker ? 1 : 0
    if let index = unnamed[place] { return index }
    let spelling = isMarker ? [] : StorageTier.spelling(class: Array("STANDARD".utf8))
    let index = try index(of: spelling, at: storageClass)
    unnamed[place] = index
    return index
  }

  /// The index of the class that a name and an access tier mean.
  mutating func classIndex(_ name: [UInt8], _ tier: [UInt8]) throws(Failure) -> UInt32 {
    try index(of: StorageTier.spelling(class: name, accessTier: tier), at: storageClass)
  }

  /// The index of a word of the column at `place`.
  mutating func index(of word: [UInt8], at place: Int) throws(Failure) -> UInt32 {
    do throws(Failure) { return try writer.word(word, at: place) } catch {
      loss = error
      throw error
    }
  }
}
