/// Structures in Thrift's compact protocol, for files that no library writes.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  private var last = 0

  static func varint(_ value: UInt64) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), value)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func zigzag(_ value: Int64) -> [UInt8] {
    varint(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  mutating func field(_ id: Int, type: UInt8) {
    bytes +=
      id > last && id - last < 16 ? [UInt8(id - last) << 4 | type] : [type] + Self.zigzag(Int64(id))
    last = id
  }

  mutating func add(_ id: Int, _ value: Int64?) {
    guard let value else { return }
    field(id, type: 6)
    bytes += Self.zigzag(value)
  }

  mutating func add(_ id: Int, _ text: String) {
    field(id, type: 8)
    bytes += Self.varint(UInt64(text.utf8.count)) + Array(text.utf8)
  }

  mutating func add(_ id: Int, _ truth: Bool) { field(id, type: truth ? 1 : 2) }

  mutating func add(_ id: Int, _ structure: [UInt8]) {
    field(id, type: 12)
    bytes += structure
  }

  mutating func add(_ id: Int, list: [[UInt8]], count: Int? = nil) {
    field(id, type: 9)
    bytes += [0xfc] + Self.varint(UInt64(count ?? list.count)) + list.joined()
  }

  static func structure(_ body: (inout ThriftWriter) -> Void) -> [UInt8] {
    var writer = ThriftWriter()
    body(&writer)
    return writer.bytes + [0]
  }
}

/// A file of one row group, made as its parts say, right or wrong.
struct SampleParquet {
  struct Page {
    /// Of parquet.thrift: 0 data, 1 index, 2 dictionary, 3 data of version 2.
    var type: Int64 = 0
    var values: Int64 = 0
    var encoding: Int64 = 0
    var levels: Int64 = 3
    var nulls: Int64 = 0
    var levelBytes: Int64 = 0
    var body: [UInt8] = []
    var decoded: Int64?
    var stored: Int64?

    var bytes: [UInt8] {
      let detail = ThriftWriter.structure { detail in
        if type == 1 { return }
        detail.add(1, values)
        if type == 3 {
          detail.add(2, nulls)
          detail.add(3, values)
          detail.add(4, encoding)
          detail.add(5, levelBytes)
          detail.add(6, 0)
          detail.add(7, false)
        } else {
          detail.add(2, encoding)
        }
        if type == 0 {
          detail.add(3, levels)
          detail.add(4, 3)
        }
      }
      return ThriftWriter.structure { header in
        header.add(1, type)
        header.add(2, decoded ?? Int64(body.count))
        header.add(3, stored ?? Int64(body.count))
        header.add([5, 6, 7, 8][min(3, max(0, Int(type)))], detail)
      } + body
    }
  }

  var name = "key"
  /// Of parquet.thrift: 1 INT32, 2 INT64, 6 BYTE_ARRAY.
  var type: Int64 = 6
  var repetition: Int64 = 0
  var converted: Int64?
  var codec: Int64 = 0
  var pages: [Page] = []
  var rows: Int64 = 0
  var groupRows: Int64?
  var values: Int64?
  var dictionaryOffset: Int64?
  /// Where data is said to begin, counted from the first page.
  var dataOffset: Int64 = 0
  var length: Int64?
  var children: Int64 = 1
  var extraSchema: [[UInt8]] = []
  var flaw: (inout ThriftWriter) -> Void = { _ in }

  var bytes: [UInt8] {
    let content = pages.flatMap(\.bytes)
    let column = ThriftWriter.structure { column in
      column.add(1, type)
      column.add(4, codec)
      column.add(5, values ?? rows)
      column.add(6, Int64(content.count))
      column.add(7, length ?? Int64(content.count))
      column.add(9, 4 + dataOffset)
      column.add(11, dictionaryOffset)
    }
    let chunk = ThriftWriter.structure { chunk in
      chunk.add(2, 0)
      chunk.add(3, column)
      flaw(&chunk)
    }
    let group = ThriftWriter.structure { group in
      group.add(1, list: [chunk])
      group.add(2, Int64(content.count))
      group.add(3, groupRows ?? rows)
    }
    let root = ThriftWriter.structure { root in
      root.add(4, "root")
      root.add(5, children)
    }
    let leaf = ThriftWriter.structure { leaf in
      leaf.add(1, type)
      leaf.add(3, repetition)
      leaf.add(4, name)
      leaf.add(6, converted)
    }
    let footer = ThriftWriter.structure { footer in
      footer.add(1, 1)
      footer.add(2, list: [root, leaf] + extraSchema)
      footer.add(3, rows)
      footer.add(4, list: [group])
    }
    return Self.file(content, footer)
  }

  static func file(_ content: [UInt8], _ footer: [UInt8]) -> [UInt8] {
    let magic = [UInt8]("PAR1".utf8)
    let length = (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> (8 * $0)) }
    return magic + content + footer + length + magic
  }

  /// Texts as PLAIN has them.
  static func plain(_ texts: [String]) -> [UInt8] {
    texts.flatMap { [UInt8($0.utf8.count), 0, 0, 0] + Array($0.utf8) }
  }

  /// What DELTA_BINARY_PACKED is of `count` times `value`.
  static func constant(_ value: Int64, _ count: Int) -> [UInt8] {
    let block = ThriftWriter.varint(1 << 20) + [1] + ThriftWriter.varint(UInt64(count))
    let blocks = (max(0, count - 1) + (1 << 20) - 1) >> 20
    return block + ThriftWriter.zigzag(value) + [UInt8](repeating: 0, count: 2 * blocks)
  }
}
