import InvBytes
import InvCompress
public import InvSystem

/// A file of ORC, versions 0.11 and 0.12, whose rows are structures: their flat columns can be read.
public final class ORCFile: TableFile {
  private let file: SeekableFile
  private let codec: BlockCodec?
  private let blockSize: Int
  private let memory: TableMemory
  private let stripes: [ORCStripe]
  /// Of each column, the number of its type, which its streams go by, and the type.
  private let types: [(number: UInt64, type: ORCType)]
  /// How many types there are, nested ones among them.
  private let typeCount: Int
  public let columns: [TableColumn]
  public let parts: [TablePart]

  public var name: String { file.name }

  /// Reads and checks what the file says of itself; readers hold what `memory` allows.
  public init(_ file: SeekableFile, memory: TableMemory = TableMemory()) throws(Failure) {
    let tail = try ORCTail(file)
    let footer = tail.footer
    self.file = file
    self.memory = memory
    codec = tail.codec
    blockSize = tail.blockSize
    stripes = footer.stripes
    parts = try tail.parts(file)
    typeCount = footer.types.count
    guard let root = footer.types.first else { throw tail.fault(file, "no type of the rows") }
    guard root.kind == ORCType.structure else {
      throw tail.fault(file, "rows of type \(root.name), where only struct is read")
    }
    guard root.names.count == root.children.count else {
      throw tail.fault(file, "\(root.children.count) columns with \(root.names.count) names")
    }
    var columns: [TableColumn] = []
    var types: [(number: UInt64, type: ORCType)] = []
    for (name, number) in zip(root.names, root.children) {
      guard number > types.last?.number ?? 0, number < typeCount else {
        throw tail.fault(file, "column \(printable(name)) has type \(number) of \(typeCount)")
      }
      let type = footer.types[Int(number)]
      let isEncrypted = footer.encrypted.contains { $0 == 0 || $0 == number }
      columns.append(
        TableColumn(name, isEncrypted ? .other("encrypted") : type.columnKind, isOptional: true))
      types.append((number, type))
    }
    self.columns = columns
    self.types = types
  }

  public func reader(part: Int, columns: [Int]) throws(Failure) -> any TableReader {
    let stripe = stripes[part]
    let decoder: BlockDecoder?
    if let codec { decoder = try BlockDecoder(codec) } else { decoder = nil }
    let blocks = ORCBlocks(decoder: decoder, size: blockSize, room: TableRoom(memory))
    let footer = try self.footer(stripe, blocks)
    let ranges = try self.ranges(stripe, footer)
    if let rows = ranges[0]?[.present], !rows.isEmpty {
      throw file.fault("rows that are null as a whole are not read", at: rows.lowerBound)
    }
    guard footer.encodings.count == typeCount else {
      throw file.fault(
        "\(footer.encodings.count) encodings of \(typeCount) types", at: stripe.footerOffset)
    }
    var readers: [any ORCColumn] = []
    for column in columns {
      let (number, type) = types[column]
      let name = "column \(printable(self.columns[column].name))"
      let streams = ORCColumnStreams(
        file, blocks, stripe: stripe.offset, name: name, footer.encodings[Int(number)],
        ranges[number] ?? [:])
      readers.append(try reader(of: type, self.columns[column], streams, footer.zone))
    }
    return ORCReader(readers, rows: stripe.rows)
  }

  private func reader(
    of type: ORCType, _ column: TableColumn, _ streams: ORCColumnStreams, _ zone: String
  ) throws(Failure) -> any ORCColumn {
    switch column.kind {
    case .boolean: return ORCBooleanColumn(streams)
    case .integer:
      if type.kind == 1 { return ORCByteColumn(streams) }
      return try ORCIntegerColumn(streams, isDate: false)
    case .real: return ORCRealColumn(streams, width: type.kind == 5 ? 4 : 8)
    case .bytes:
      if try streams.isDictionary() { return try ORCWordColumn(streams) }
      return try ORCTextColumn(streams)
    case .time:
      if type.kind == 15 { return try ORCIntegerColumn(streams, isDate: true) }
      if type.kind == 18 { return try ORCTimeColumn(streams, zone: .utc) }
      guard let known = ZoneFile(named: zone) else {
        throw streams.fault("times of zone '\(printable(zone))', which is not known here")
      }
      return try ORCTimeColumn(streams, zone: known)
    case .unsigned, .other:
      throw streams.fault("values of type \(Self.name(column.kind)) are not read")
    }
  }

  private static func name(_ kind: TableColumn.Kind) -> String {
    if case .other(let name) = kind { return name }
    return "\(kind)"
  }

  private func footer(_ stripe: ORCStripe, _ blocks: ORCBlocks) throws(Failure) -> ORCStripeFooter {
    let end = stripe.footerOffset + stripe.footerLength
    let bytes = try ORCTail.message(
      file, stripe.footerOffset..<end, blocks, name: "stripe footer")
    do throws(FormatError) {
      return try ORCStripeFooter(bytes)
    } catch {
      throw file.fault("stripe footer: \(error.what)", at: stripe.footerOffset)
    }
  }

  /// Where the streams are that are needed to read values, of each type.
  private func ranges(
    _ stripe: ORCStripe, _ footer: ORCStripeFooter
  ) throws(Failure) -> [UInt64: [ORCStripeFooter.Stream.Kind: Range<UInt64>]] {
    var ranges: [UInt64: [ORCStripeFooter.Stream.Kind: Range<UInt64>]] = [:]
    var start = stripe.offset
    for stream in footer.streams {
      guard stream.length <= stripe.footerOffset - start else {
        throw file.fault("streams go beyond the end of their stripe", at: start)
      }
      let range = start..<start + stream.length
      start = range.upperBound
      guard let kind = stream.kind, stream.type < typeCount else { continue }
      if ranges[stream.type, default: [:]].updateValue(range, forKey: kind) != nil {
        throw file.fault("type \(stream.type) has two streams \(kind.name)", at: range.lowerBound)
      }
    }
    return ranges
  }
}
