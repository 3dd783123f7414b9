import InvBytes

/// What a stripe says of its streams: its StripeFooter.
struct ORCStripeFooter {
  /// A stretch of the stripe with one aspect of the values of a column.
  struct Stream {
    enum Kind: UInt64 {
      case present, data, length, dictionaryData, dictionaryCount, secondary

      /// What ORC calls it.
      var name: String {
        switch self {
        case .present: "PRESENT"
        case .data: "DATA"
        case .length: "LENGTH"
        case .dictionaryData: "DICTIONARY_DATA"
        case .dictionaryCount: "DICTIONARY_COUNT"
        case .secondary: "SECONDARY"
        }
      }
    }

    /// Nil for what is not needed to read values: indexes, filters, encrypted copies.
    var kind: Kind?
    var type: UInt64 = 0
    var length: UInt64 = 0

    init(_ message: ProtoReader) throws(FormatError) {
      var reader = message
      var kind: UInt64 = 0
      while let field = try reader.field() {
        switch field {
        case 1: kind = try reader.number()
        case 2: type = try reader.number()
        case 3: length = try reader.number()
        default: try reader.skip()
        }
      }
      self.kind = Kind(rawValue: kind)
    }
  }

  /// How the values of a type are written.
  struct Encoding {
    enum Kind: UInt64 {
      case direct, dictionary, directV2, dictionaryV2
    }

    var kind: Kind?
    var dictionarySize: UInt64 = 0

    init(_ message: ProtoReader) throws(FormatError) {
      var reader = message
      var kind: UInt64 = 0
      while let field = try reader.field() {
        switch field {
        case 1: kind = try reader.number()
        case 2: dictionarySize = try reader.number()
        default: try reader.skip()
        }
      }
      self.kind = Kind(rawValue: kind)
    }
  }

  var streams: [Stream] = []
  /// Of each type, in the order of the file's.
  var encodings: [Encoding] = []
  var zone = ""

  init(_ bytes: [UInt8]) throws(FormatError) {
    var reader = ProtoReader(bytes)
    while let field = try reader.field() {
      switch field {
      case 1: try reader.append(Stream(reader.message()), to: &streams, limit: 1 << 19)
      case 2: try reader.append(Encoding(reader.message()), to: &encodings, limit: 1 << 16)
      case 3: zone = try reader.text()
      default: try reader.skip()
      }
    }
  }
}
