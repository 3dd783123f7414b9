import InvBytes

/// What the last bytes of an ORC file say of it: its PostScript.
struct ORCPostScript {
  var footerLength: UInt64 = 0
  var codec: UInt64 = 0
  var blockSize: UInt64 = 256 << 10
  var version: [UInt64] = []
  var metadataLength: UInt64 = 0
  var magic = ""

  init(_ bytes: [UInt8]) throws(FormatError) {
    var reader = ProtoReader(bytes)
    while let field = try reader.field() {
      switch field {
      case 1: footerLength = try reader.number()
      case 2: codec = try reader.number()
      case 3: blockSize = try reader.number()
      case 4: try reader.numbers(into: &version, limit: 16)
      case 5: metadataLength = try reader.number()
      case 8000: magic = try reader.text()
      default: try reader.skip()
      }
    }
  }
}

/// What an ORC file says of its columns and stripes: its Footer.
struct ORCFooter {
  var stripes: [ORCStripe] = []
  var types: [ORCType] = []
  var rows: UInt64 = 0
  /// The types that are encrypted, with all below them.
  var encrypted: [UInt64] = []

  init(_ bytes: [UInt8]) throws(FormatError) {
    var reader = ProtoReader(bytes)
    while let field = try reader.field() {
      switch field {
      case 3: try reader.append(ORCStripe(reader.message()), to: &stripes, limit: 1 << 20)
      case 4: try reader.append(ORCType(reader.message()), to: &types, limit: 1 << 16)
      case 6: rows = try reader.number()
      case 10: encrypted += try Self.encrypted(reader.message())
      default: try reader.skip()
      }
    }
  }

  /// The roots of the variants of an Encryption.
  private static func encrypted(_ reader: ProtoReader) throws(FormatError) -> [UInt64] {
    var reader = reader
    var roots: [UInt64] = []
    while let field = try reader.field() {
      guard field == 3 else {
        try reader.skip()
        continue
      }
      var variant = try reader.message()
      var root: UInt64 = 0
      while let field = try variant.field() {
        if field == 1 { root = try variant.number() } else { try variant.skip() }
      }
      try reader.append(root, to: &roots, limit: 1 << 16)
    }
    return roots
  }
}

/// Where a stripe is: a StripeInformation.
struct ORCStripe {
  var footerOffset: UInt64 { offset + indexLength + dataLength }

  var offset: UInt64 = 0
  var indexLength: UInt64 = 0
  var dataLength: UInt64 = 0
  var footerLength: UInt64 = 0
  var rows: UInt64 = 0

  init(_ message: ProtoReader) throws(FormatError) {
    var reader = message
    while let field = try reader.field() {
      switch field {
      case 1: offset = try reader.number()
      case 2: indexLength = try reader.number()
      case 3: dataLength = try reader.number()
      case 4: footerLength = try reader.number()
      case 5: rows = try reader.number()
      default: try reader.skip()
      }
    }
  }
}

/// A node of the tree of types, which lists them in the order of their visits from the root down.
struct ORCType {
  var kind: UInt64 = 0
  var children: [UInt64] = []
  var names: [String] = []

  init(_ message: ProtoReader) throws(FormatError) {
    var reader = message
    while let field = try reader.field() {
      switch field {
      case 1: kind = try reader.number()
      case 2: try reader.numbers(into: &children, limit: 1 << 16)
      case 3: try reader.append(reader.text(), to: &names, limit: 1 << 16)
      default: try reader.skip()
      }
    }
  }

  static let structure: UInt64 = 12

  private static let names = [
    "boolean", "byte", "short", "int", "long", "float", "double", "string", "binary", "timestamp",
    "list", "map", "struct", "union", "decimal", "date", "varchar", "char", "timestamp_instant",
  ]

  /// What ORC calls it.
  var name: String { kind < UInt64(Self.names.count) ? Self.names[Int(kind)] : "type \(kind)" }

  /// What is read of it.
  var columnKind: TableColumn.Kind {
    switch kind {
    case 0: .boolean
    case 1...4: .integer
    case 5, 6: .real
    case 7, 8, 16, 17: .bytes
    case 9, 15, 18: .time
    default: .other(name)
    }
  }
}
