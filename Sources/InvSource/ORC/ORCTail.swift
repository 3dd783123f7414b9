import InvBytes
import InvCompress
import InvSystem

/// The end of an ORC file, read and checked.
struct ORCTail {
  /// No block can be longer: its header has 23 bits for the length.
  private static let longestBlock: UInt64 = 8 << 20
  /// Longer footers are refused, as they are stored and as they are decoded.
  private static let longestFooter = 16 << 20

  /// Nil when nothing is compressed.
  let codec: BlockCodec?
  let blockSize: Int
  let footer: ORCFooter
  /// Where the footer begins, and where the last stripe must have ended.
  private let offset: UInt64
  private let end: UInt64

  init(_ file: SeekableFile) throws(Failure) {
    let begin = try file.bytes(at: 0, count: Int(min(file.size, 3)))
    guard begin == Array("ORC".utf8) else { throw file.fault("this is not ORC", at: 0) }
    let length = UInt64(try file.bytes(at: file.size - 1, count: 1)[0])
    guard file.size >= 4, length <= file.size - 4 else {
      throw file.fault("no postscript: the file is cut short", at: file.size)
    }
    let start = file.size - 1 - length
    let scriptBytes = try file.bytes(at: start, count: Int(length))
    let script: ORCPostScript
    do throws(FormatError) {
      script = try ORCPostScript(scriptBytes)
    } catch { throw file.fault("postscript: \(error.what)", at: start) }
    let blockSize = try Self.framing(script, file, start)
    self.blockSize = blockSize
    codec = try Self.codec(script, file, start)
    guard script.metadataLength <= start - 3,
      script.footerLength <= start - 3 - script.metadataLength
    else { throw file.fault("footers longer than the file", at: start) }
    let offset = start - script.footerLength
    self.offset = offset
    end = offset - script.metadataLength
    let decoder: BlockDecoder?
    if let codec { decoder = try BlockDecoder(codec) } else { decoder = nil }
    let bytes = try Self.message(
      file, offset..<start, ORCBlocks(decoder: decoder, size: blockSize), name: "footer")
    do throws(FormatError) {
      footer = try ORCFooter(bytes)
    } catch { throw file.fault("footer: \(error.what)", at: offset) }
  }

  /// The decoded bytes in `range` of the file.
  static func message(
    _ file: SeekableFile, _ range: Range<UInt64>, _ blocks: ORCBlocks, name: String
  ) throws(Failure) -> [UInt8] {
    let stream = ORCStream(file, range, blocks, name: name)
    guard range.count <= longestFooter else { throw stream.fault("it is too long") }
    try stream.fill(longestFooter + 1)
    guard stream.available <= longestFooter else { throw stream.fault("it is too long") }
    var bytes: [UInt8] = []
    try stream.move(stream.available, to: &bytes)
    return bytes
  }

  private static func framing(
    _ script: ORCPostScript, _ file: SeekableFile, _ start: UInt64
  ) throws(Failure) -> Int {
    guard script.magic == "ORC" || script.magic.isEmpty else {
      throw file.fault("postscript: no ORC in it", at: start)
    }
    guard script.version.isEmpty || [[0, 11], [0, 12]].contains(script.version) else {
      let version = script.version.map(String.init).joined(separator: ".")
      throw file.fault("ORC version \(version) is not read, only 0.11 and 0.12", at: start)
    }
    guard script.blockSize <= longestBlock else {
      throw file.fault("blocks of \(script.blockSize) bytes: more than \(longestBlock)", at: start)
    }
    return Int(script.blockSize)
  }

  private static func codec(
    _ script: ORCPostScript, _ file: SeekableFile, _ start: UInt64
  ) throws(Failure) -> BlockCodec? {
    switch script.codec {
    case 0: return nil
    case 1: return .deflate
    case 2: return .snappy
    case 3: throw file.fault("compression LZO is not read", at: start)
    case 4: return .lz4
    case 5: return .zstd
    case 6: return .brotli
    default: throw file.fault("compression \(script.codec) is not known", at: start)
    }
  }

  func fault(_ file: SeekableFile, _ what: String) -> Failure {
    file.fault("footer: \(what)", at: offset)
  }

  /// The stripes, which lie one behind another before the footers and have all rows of the file.
  func parts(_ file: SeekableFile) throws(Failure) -> [TablePart] {
    var parts: [TablePart] = []
    var (rows, place): (UInt64, UInt64) = (0, 3)
    for stripe in footer.stripes {
      guard stripe.offset >= place, stripe.offset <= end else {
        throw fault(file, "a stripe at \(stripe.offset), not between \(place) and \(end)")
      }
      var left = end - stripe.offset
      for length in [stripe.indexLength, stripe.dataLength, stripe.footerLength] {
        guard length <= left else {
          throw fault(file, "the stripe at \(stripe.offset) goes beyond \(end)")
        }
        left -= length
      }
      place = end - left
      let sum = rows.addingReportingOverflow(stripe.rows)
      guard !sum.overflow, sum.partialValue <= footer.rows else {
        throw fault(file, "stripes have more rows than the file, which has \(footer.rows)")
      }
      parts.append(
        TablePart(
          firstRow: rows, rows: stripe.rows, offset: stripe.offset, bytes: place - stripe.offset))
      rows = sum.partialValue
    }
    guard rows == footer.rows else {
      throw fault(file, "stripes have \(rows) rows, the file \(footer.rows)")
    }
    return parts
  }
}
