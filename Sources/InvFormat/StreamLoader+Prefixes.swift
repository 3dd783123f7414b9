import InvBytes
import InvSystem

/// Loads prefix rows, and refuses what `PrefixRows` refuses.
struct PrefixesLoader: RowLoader {
  private let frames: FrameWriter
  private let layout: PrefixLayout
  private var schema: PrefixSchema
  private let codec: Codec
  /// The values of each dimension by their labels, once there are rows.
  private var labels: [[[UInt8]: UInt64]] = []
  private var code: PointCode?
  private var encoder: PrefixBlockEncoder?
  private var batch = PrefixBatch()
  private var size = BlockSize()
  private var first: [UInt8] = []
  private var walk: PrefixRows?
  private var index = BlockIndexBuilder()
  private var isIndexed = false
  private var prefix: [UInt8] = []
  private var cells: [Cell] = []

  init(_ header: Fields, _ frames: FrameWriter, _ codec: Codec) throws(Failure) {
    self.frames = frames
    do throws(FormatError) {
      schema = try PrefixSchema(header)
      _ = try RunMark(header)
      layout = try PrefixLayout(header, dimensions: schema.dimensions.count)
      guard header.all("column").count == schema.roles.count + 1,
        header.all("column").map({ $0[0] })
          == (["prefix"] + schema.roles.map(\.rawValue)).map({ Array($0.utf8) })
      else { throw FormatError("the columns are not those of this version, in its order", at: 0) }
    } catch { throw Failure.data(error.what) }
    self.codec = codec
    try frames.writeHeader(header)
  }

  var columns: [String] { [] }

  func mayHold(_ type: FrameType) -> Bool { code != nil && !isIndexed }

  /// Fixes the words: from here on there are rows.
  private mutating func begin() throws(FormatError) {
    let code = try schema.pointCode()
    let sizes = schema.sizes
    labels = schema.dimensions.indices.map { place in
      let dimension = schema.dimensions[place]
      var values: [[UInt8]: UInt64] = [:]
      for value in 0..<sizes[place] {
        let isWord = dimension.axis == .word
        let label = isWord ? schema.words[place][value] : Array(dimension.label(value).utf8)
        values[label] = UInt64(value)
      }
      return values
    }
    walk = try PrefixRows(schema)
    self.code = code
  }

  mutating func add(row: ArraySlice<UInt8>) throws(FormatError) -> Bool {
    let fields = row.split(separator: 0x09, omittingEmptySubsequences: false)
    if code == nil {
      let names = ["prefix"] + schema.roles.map(\.rawValue)
      guard row.elementsEqual(names.joined(separator: "\t").utf8) else {
        throw FormatError("this is not the line that names the columns", at: 0)
      }
      try begin()
      return true
    }
    guard !isIndexed, fields.count == schema.roles.count + 1 else {
      throw FormatError("a row of \(fields.count) fields", at: 0)
    }
    let next = try TextField.bytes(fields[0])
    guard next.count <= Container.keyLimit else {
      throw FormatError("the prefix is longer than 65536 bytes", at: 0)
    }
    var times = RowTimes()
    var listed: UInt64 = 0
    for (role, field) in zip(schema.roles, fields.dropFirst()) {
      switch role {
      case .listed: listed = try TextField.number(field)
      case .oldestModified: times.oldestModified = try TextField.time(field)
      case .newestModified: times.newestModified = try TextField.time(field)
      case .oldestAccessed: times.oldestAccessed = try TextField.time(field)
      case .newestAccessed: times.newestAccessed = try TextField.time(field)
      case .cells: try readCells(field)
      }
    }
    let common = commonPrefix(prefix.raw, next.raw)
    if size.isEmpty { first = next }
    batch.append(next, sharing: common, listed: listed, times: times, cells: cells)
    size.add(prefix: next.count, suffix: next.count - common, cells: cells.count)
    prefix = next
    return !size.isFull
  }

  private mutating func readCells(_ field: ArraySlice<UInt8>) throws(FormatError) {
    cells.removeAll(keepingCapacity: true)
    guard let code, !field.elementsEqual([0x2d]) else { return }
    for text in field.split(separator: 0x3b, omittingEmptySubsequences: false) {
      let sides = text.split(separator: 0x3d, omittingEmptySubsequences: false)
      let figures = (sides.last ?? []).split(separator: 0x3a, omittingEmptySubsequences: false)
      let values = sides[0].split(separator: 0x2c, omittingEmptySubsequences: false)
      guard sides.count == 2, figures.count == 2, values.count == labels.count else {
        throw FormatError("\(quoted([UInt8](text))) is not a cell", at: 0)
      }
      var point: UInt64 = 0
      for (dimension, label) in values.enumerated() {
        let label = try TextField.bytes(label)
        guard let value = labels[dimension][label] else {
          throw FormatError(
            "\(quoted(label)) is no value of '\(schema.dimensions[dimension].name)'", at: 0)
        }
        point |= code.part(dimension, value)
      }
      cells.append(
        Cell(
          code: point, objects: try TextField.number(figures[0]),
          bytes: try TextField.number(figures[1])))
    }
  }

  mutating func add(_ mark: TextMark, _ fields: Fields) throws(Failure) -> Bool {
    try writeBlock()
    switch mark.name {
    case "words" where code == nil:
      let parts = try checking { () throws(FormatError) in try mark.parts() }
      let place = schema.dimensions.firstIndex { Array($0.name.utf8) == parts[0] }
      guard let place else { throw Failure.data("words for \(quoted(parts[0])), which has none") }
      let first = schema.words[place].count
      let words = Array(parts.dropFirst())
      do throws(FormatError) { try schema.add(words, first: first, at: place) } catch {
        throw Failure.data(error.what)
      }
      for frame in wordsFrames(column: place, first: first, words) { try frames.write(frame) }
    case "index" where !isIndexed: isIndexed = true
    default: return false
    }
    return true
  }

  mutating func writeBlock() throws(Failure) {
    guard batch.rows > 0, let code else { return }
    if encoder == nil { encoder = try PrefixBlockEncoder(schema, code: code, codec: codec) }
    guard let encoder else { return }
    let block = try encoder.encode(
      BlockCut(batch: batch, from: PrefixBatch.Place(), to: batch.end, first: first))
    let frame = Frame(
      type: .block, rows: batch.rows, offset: 0, bytes: encoder.plain.bytes,
      start: Container.frameHeaderLength)
    index.add(first, offset: frames.position, row: walk?.totals.rows ?? 0)
    do throws(FormatError) {
      try walk?.begin(try PrefixBlock(frame, layout: layout, sizes: schema.sizes))
      while try walk?.next() ?? false {}
    } catch { throw Failure.data(error.what) }
    try frames.write(block.frame)
    batch.removeAll()
    size = BlockSize()
  }

  mutating func finish(_ fields: Fields) throws(Failure) {
    try writeBlock()
    guard code != nil else { throw Failure.data("the line that names the columns is missing") }
    var offset: UInt64 = 0
    if isIndexed {
      offset = frames.position
      for frame in index.frames() { try frames.write(frame) }
    }
    let totals = walk?.totals ?? PrefixTotals()
    var fields = fields
    if fields["read"] == nil { fields.add("read", 0) }
    let footer = try footer(
      fields,
      counts: [
        ("rows", totals.rows), ("cells", totals.cells), ("objects", totals.objects),
        ("bytes", totals.bytes),
      ])
    try checking { () throws(FormatError) in _ = try Audit(footer) }
    try frames.writeEnd(footer, indexOffset: offset)
  }
}
