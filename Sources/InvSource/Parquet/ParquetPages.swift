import InvBytes
import InvCompress
import InvSystem

/// The pages of a column in a row group, one after another.
struct ParquetPages {
  private static let headerLimit = 1 << 20
  /// What is stored as more than this need not be kept until the next page comes.
  private static let keptWindow = 4 << 20

  private let file: SeekableFile
  private let column: ParquetColumn
  private let room: TableRoom
  /// Tried one after another.
  private let decoders: [BlockDecoder]
  private var window: ParquetWindow
  /// Where the present page begins in the file.
  private var offset: UInt64
  private(set) var header = ParquetPage()
  /// The present page as it was before it was compressed, and `textSlack` bytes behind it.
  private(set) var page: [UInt8] = []
  /// How much room has been taken for the window and for the page.
  private var windowRoom = 0
  private var pageRoom = 0

  init(
    _ file: SeekableFile, _ column: ParquetColumn, _ chunk: ParquetChunk, room: TableRoom
  ) throws(Failure) {
    self.file = file
    self.room = room
    self.column = column
    offset = chunk.offset
    window = ParquetWindow(file, chunk.offset..<chunk.offset + chunk.length)
    var decoders: [BlockDecoder] = []
    let problem: String? =
      switch chunk.flaw {
      case .none: nil
      case .isEncrypted: "encryption"
      case .isElsewhere: "data in another file"
      }
    guard problem == nil, let codecs = Self.codecs(chunk.codec) else {
      let what = problem ?? (chunk.codec == 3 ? "LZO compression" : "compression \(chunk.codec)")
      throw file.fault("column '\(printable(column.name))': \(what) is not understood", at: offset)
    }
    for codec in codecs { decoders.append(try BlockDecoder(codec)) }
    self.decoders = decoders
  }

  /// CompressionCodec of parquet.thrift.
  private static func codecs(_ number: Int32) -> [BlockCodec]? {
    switch number {
    case 0: [.plain]
    case 1: [.snappy]
    case 2: [.gzip]
    case 4: [.brotli]
    // Some writers have called LZ4 what is not framed.
    case 5: [.hadoopLZ4, .lz4]
    case 6: [.zstd]
    case 7: [.lz4]
    default: nil
    }
  }

  /// The sentence for what is wrong in the present page.
  func fault(_ why: String) -> Failure {
    file.fault("column '\(printable(column.name))': \(why)", at: offset)
  }

  /// Goes to the next page and decompresses it, unless it is an index.
  mutating func next(rows: UInt64) throws(Failure) -> ParquetPage.Kind {
    offset = window.offset
    guard window.remaining > 0 else { throw fault("\(rows) rows are missing") }
    try readHeader()
    guard UInt64(header.stored) <= window.remaining else {
      throw fault("a page of \(header.stored) bytes where \(window.remaining) are left")
    }
    if header.kind == .index {
      window.skip(header.stored)
      return .index
    }
    try takeRoom()
    try window.fill(header.stored)
    do throws(FormatError) {
      let bytes = window.bytes
      let body = bytes.raw.extracting(window.start..<window.start + header.stored)
      if let checksum = header.checksum, checksum != crc32(body) {
        throw FormatError("the checksum of the page does not match", at: 0)
      }
      try Self.decompress(body, header, decoders, into: &page)
    } catch {
      throw fault(error.what)
    }
    window.pass(header.stored)
    if header.stored > Self.keptWindow {
      window.forget()
      room.give(windowRoom)
      windowRoom = 0
    }
    return header.kind
  }

  private mutating func readHeader() throws(Failure) {
    var wanted = 4 << 10
    while true {
      try window.fill(wanted)
      do throws(FormatError) {
        header = try ParquetPage(window.bytes.raw.extracting(window.start...))
        return window.pass(header.headerLength)
      } catch {
        // It may only be longer than what is at hand.
        guard UInt64(window.count) < window.remaining, wanted < Self.headerLimit else {
          throw fault(error.what)
        }
        wanted = max(window.count + 1, wanted * 4)
      }
    }
  }

  /// Sees to it that there is room for the present page.
  private mutating func takeRoom() throws(Failure) {
    let window = max(0, header.stored + ParquetWindow.ahead - windowRoom)
    let page = max(0, header.decoded + textSlack - pageRoom)
    // What a dictionary says is kept beside the page.
    let words: Int
    if header.kind == .dictionary {
      do throws(FormatError) { words = try ParquetDictionary.room(column, header) } catch {
        throw fault(error.what)
      }
    } else {
      words = 0
    }
    guard room.take(window + page + words) else {
      throw fault(
        "a page of \(header.decoded) bytes, stored as \(header.stored), needs more than"
          + " the \(room.limit) that may be held")
    }
    windowRoom += window
    pageRoom += page
  }

  /// Makes `page` of what is stored as `body`.
  private static func decompress(
    _ body: RawSpan, _ header: ParquetPage, _ decoders: [BlockDecoder], into page: inout [UInt8]
  ) throws(FormatError) {
    let (levels, decoded) = (header.levelBytes, header.decoded)
    page.removeAll(keepingCapacity: true)
    if page.capacity < decoded + textSlack {
      page = []
      page.reserveCapacity(decoded + textSlack)
    }
    page.append(body.extracting(first: levels))
    let rest = body.extracting(droppingFirst: levels)
    if !header.isCompressed {
      guard rest.byteCount == decoded - levels else {
        throw FormatError(
          "a page of \(body.byteCount) bytes that is said to have \(decoded)", at: 0)
      }
      page.append(rest)
    } else if decoded > levels || !rest.isEmpty {
      try decode(rest, decoded - levels, decoders, to: &page)
    }
    page += repeatElement(0, count: textSlack)
  }

  private static func decode(
    _ block: RawSpan, _ count: Int, _ decoders: [BlockDecoder], to page: inout [UInt8]
  ) throws(FormatError) {
    for (place, decoder) in decoders.enumerated() {
      do throws(FormatError) {
        return try decoder.decode(block, exactly: count, to: &page)
      } catch {
        if place == decoders.count - 1 { throw error }
      }
    }
  }

  /// Where the present page has its levels and its values.
  func content(_ column: ParquetColumn) throws(FormatError) -> (ParquetLevels, ParquetValues) {
    let end = page.count - textSlack
    guard header.values > 0 else { return (.all, .plain(at: 0, end: 0)) }
    var levels = ParquetLevels.all
    var start = header.levelBytes
    if column.isOptional {
      switch (header.kind, header.levels) {
      case (.dataV2, _): levels = .runs(HybridRuns(0..<start, width: 1))
      case (_, .runs):
        guard end >= 4, Int(page.raw.u32(at: 0)) <= end - 4 else {
          throw FormatError("the definition levels end too early", at: 0)
        }
        start = 4 + Int(page.raw.u32(at: 0))
        levels = .runs(HybridRuns(4..<start, width: 1))
      case (_, .bitPacked):
        start = (header.values + 7) / 8
        guard start <= end else { throw FormatError("the definition levels end too early", at: 0) }
        levels = .bits(at: 0, end: start * 8)
      case (_, let other):
        throw FormatError(
          "definition levels of encoding \(other.rawValue) are not understood", at: 0)
      }
    }
    return (levels, try ParquetValues(header.encoding, column, start..<end, page.raw))
  }

  /// Whether as many values were there as the header of the present page says.
  func check(values: Int) throws(FormatError) {
    guard header.kind == .dataV2, values + header.nulls != header.values else { return }
    throw FormatError(
      "\(header.nulls) nulls are promised and \(header.values - values) are there", at: 0)
  }
}
