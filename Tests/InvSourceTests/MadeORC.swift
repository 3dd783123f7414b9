/// A file of ORC of which every part can be a lie.
struct MadeORC {
  struct Stream {
    var kind: UInt64
    var type: UInt64
    var bytes: [UInt8]
    var length: UInt64?
  }

  struct Stripe {
    var rows: UInt64
    var streams: [Stream] = []
    /// Of the root and each column: kind and size of the dictionary.
    var encodings: [(UInt64, UInt64)] = [(0, 0), (2, 0)]
    var offset: UInt64?
    var dataLength: UInt64?
    var footerLength: UInt64?
    var zone = ""
  }

  /// Of each column; the root is before them.
  var kinds: [UInt64] = [4]
  var root: [UInt8]?
  var stripes: [Stripe] = []
  var rows: UInt64?
  var codec: UInt64 = 0
  var blockSize: UInt64 = 1 << 16
  var footerLength: UInt64?
  var magic = "ORC"
  /// Frames the footers, as the codec wants.
  var frame: ([UInt8]) -> [UInt8] = { $0 }

  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
  }
  static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
    varint(field << 3) + varint(value)
  }
  static func bytes(_ field: UInt64, _ value: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(value.count)) + value
  }

  var file: [UInt8] {
    var file = Array("ORC".utf8)
    var footer: [UInt8] = []
    for stripe in stripes {
      let offset = UInt64(file.count)
      var last: [UInt8] = []
      for stream in stripe.streams {
        file += stream.bytes
        last += Self.bytes(
          1,
          Self.number(1, stream.kind) + Self.number(2, stream.type)
            + Self.number(3, stream.length ?? UInt64(stream.bytes.count)))
      }
      let length = UInt64(file.count) - offset
      for (kind, size) in stripe.encodings {
        last += Self.bytes(2, Self.number(1, kind) + Self.number(2, size))
      }
      last = frame(last + Self.bytes(3, Array(stripe.zone.utf8)))
      file += last
      footer += Self.bytes(
        3,
        Self.number(1, stripe.offset ?? offset) + Self.number(3, stripe.dataLength ?? length)
          + Self.number(4, stripe.footerLength ?? UInt64(last.count))
          + Self.number(5, stripe.rows))
    }
    let names = kinds.indices.flatMap { Self.bytes(3, Array("c\($0)".utf8)) }
    let children = kinds.indices.flatMap { Self.varint(UInt64($0 + 1)) }
    footer += Self.bytes(4, root ?? Self.number(1, 12) + Self.bytes(2, children) + names)
    for kind in kinds { footer += Self.bytes(4, Self.number(1, kind)) }
    footer += Self.number(6, rows ?? stripes.reduce(0) { $0 &+ $1.rows })
    footer = frame(footer)
    let script =
      Self.number(1, footerLength ?? UInt64(footer.count)) + Self.number(2, codec)
      + Self.number(3, blockSize) + Self.bytes(4, [0, 12]) + Self.bytes(8000, Array(magic.utf8))
    return file + footer + script + [UInt8(script.count)]
  }
}
