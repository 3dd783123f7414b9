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

  /// There are no more types.
  private static let typeLimit = 1 << 16

  init(_ bytes: [UInt8]) throws(FormatError) {
    var reader = ProtoReader(bytes)
    // Each type is the child of one, and children alone have names.
    var (children, names) = (0, 0)
    while let field = try reader.field() {
      switch field {
      case 3: try reader.append(ORCStripe(reader.message()), to: &stripes, limit: 1 << 20)
      case 4:
        let type = try ORCType(
          reader.message(), children: Self.typeLimit - children, names: Self.typeLimit - names)
        (children, names) = (children + type.children.count, names + type.names.count)
        try reader.append(type, to: &types, limit: Self.typeLimit)
      case 6: rows = try reader.number()
      case 10: try Self.encrypted(reader.message(), to: &encrypted)
      default: try reader.skip()
      }
    }
  }

  /// Appends the roots of the variants of an Encryption.
  private static func encrypted(_ reader: ProtoReader, to roots: inout [UInt64])
    throws(FormatError)
  {
    var reader = reader
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
      try reader.append(root, to: &roots, limit: typeLimit)
    }
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

  /// Reads a type of no more than so many `children` and `names`.
  init(_ message: ProtoReader, children: Int, names: Int) throws(FormatError) {
    var reader = message
    while let field = try reader.field() {
      switch field {
      case 1: kind = try reader.number()
      case 2: try reader.numbers(into: &self.children, limit: children)
      case 3: try reader.append(reader.text(), to: &self.names, limit: names)
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
