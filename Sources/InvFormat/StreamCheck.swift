import InvBytes
public import InvSystem

/// What is in a stream that keeps every rule of inv-rows(5), found by reading all of it.
public struct StreamCheck: Sendable {
  /// What was read, for people: "object rows, 3 rows, 1 sources".
  public let summary: String
  public let rows: UInt64
  public let bytes: UInt64
  /// Which run it is, if it is one.
  public let mark: RunMark?

  /// Reads the stream; what is wrong with it is thrown, as bad data with its place.
  public init(_ descriptor: consuming Descriptor) throws(Failure) {
    let stream = try RowStream(descriptor)
    let counts: [(UInt64, String)]
    do throws(Failure) {
      switch stream.kind {
      case .files: (counts, mark) = (try Self.checkFiles(stream), nil)
      case .objects: (counts, mark) = (try Self.checkObjects(stream), nil)
      case .prefixes: (counts, mark) = try Self.checkPrefixes(stream)
      }
    } catch {
      guard error.teller == .upstream else { throw error }
      throw Failure.data(
        "\(printable(stream.frames.name)) ends with a failure of \(error.sentence)")
    }
    rows = counts[0].0
    bytes = stream.frames.bytesRead
    var parts = [stream.kind.name] + counts.map { "\($0) \($1)" }
    if let mark {
      parts.append("run \(mark.number)\(mark.isLast ? ", the last," : "") of set \(mark.set)")
    }
    summary = parts.joined(separator: ", ")
  }

  private static func checkFiles(_ stream: RowStream) throws(Failure) -> [(UInt64, String)] {
    let reader = try FileStreamReader(stream, wanting: "inv-check")
    var (files, bytes): (UInt64, UInt64) = (0, 0)
    while let event = try reader.next() {
      switch event {
      case .file: files += 1
      case .chunk(let chunk): bytes += UInt64(chunk.count)
      case .maker, .end: break
      }
    }
    return [(files, "files"), (bytes, "bytes of files")]
  }

  private static func checkObjects(_ stream: RowStream) throws(Failure) -> [(UInt64, String)] {
    let reader = try ObjectReader(stream, wanting: "inv-check")
    var words = ObjectWords(reader.schema)
    var (rows, sources): (UInt64, UInt64) = (0, 0)
    while let event = try reader.next() {
      switch event {
      case .source: sources += 1
      case .words(let column, _, let more):
        do throws(FormatError) { try words.add(more, column: column) } catch {
          throw stream.frames.failure(FormatError(error.what, at: reader.offset))
        }
      case .block(let block):
        rows += UInt64(block.rows)
        var rest = ObjectRows(block)
        try stream.frames.checking(block.frame) { () throws(FormatError) in
          while try rest.next() {}
        }
      case .progress, .maker, .end: break
      }
    }
    return [(rows, "rows"), (sources, "sources")]
  }

  private static func checkPrefixes(_ stream: RowStream) throws(Failure)
    -> ([(UInt64, String)], RunMark?)
  {
    let reader = try PrefixReader(stream, wanting: "inv-check")
    reader.index = BlockIndex()
    var walk: PrefixRows
    do throws(FormatError) { walk = try PrefixRows(reader.schema) } catch {
      throw stream.frames.failure(error)
    }
    var blocks = BlockPlaces()
    while let event = try reader.next() {
      switch event {
      case .block(let block):
        try stream.frames.checking(block.frame) { () throws(FormatError) in
          let first = walk.totals.rows
          try walk.begin(block)
          while try walk.next() {
            if walk.totals.rows == first + 1 {
              blocks.add(walk.prefix, offset: block.frame.offset, row: first)
            }
          }
        }
      case .progress, .maker: break
      case .end(_, let totals):
        guard totals == walk.totals else {
          throw stream.frames.failure(
            FormatError("the footer has other sums than the rows", at: reader.offset))
        }
        guard reader.index?.entries.allSatisfy(blocks.has) ?? true else {
          throw stream.frames.failure(
            FormatError("the block index is not of these blocks", at: reader.offset))
        }
      }
    }
    let counts = [
      (walk.totals.rows, "rows"), (walk.totals.cells, "cells"), (walk.totals.objects, "objects"),
      (walk.totals.bytes, "bytes"),
    ]
    return (counts, reader.mark)
  }
}

/// Where the blocks of a stream lie, in 24 bytes each.
private struct BlockPlaces {
  private var offsets: [UInt64] = []
  private var rows: [UInt64] = []
  private var keys: [UInt64] = []

  mutating func add(_ key: [UInt8], offset: UInt64, row: UInt64) {
    offsets.append(offset)
    rows.append(row)
    keys.append(XXH64.hash(key.raw))
  }

  /// Whether there is a block as `entry` says.
  func has(_ entry: BlockIndex.Entry) -> Bool {
    var (low, high) = (0, offsets.count)
    while low < high {
      let middle = (low + high) / 2
      if offsets[middle] < entry.offset { low = middle + 1 } else { high = middle }
    }
    return low < offsets.count && offsets[low] == entry.offset && rows[low] == entry.row
      && keys[low] == XXH64.hash(entry.key.raw)
  }
}
