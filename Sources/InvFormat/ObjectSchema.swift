public import InvBytes

/// The states of an object: inv-rows(5), "States".
public enum ObjectState: UInt8, CaseIterable, Sendable {
  case current = 0
  case noncurrent = 1
  case marker = 2
  case directory = 3
  case link = 4

  public var name: String {
    switch self {
    case .current: "current"
    case .noncurrent: "noncurrent"
    case .marker: "delete-marker"
    case .directory: "directory"
    case .link: "link"
    }
  }
}

/// The kinds of an object: inv-rows(5), "Kinds".
public enum ObjectKind: UInt8, CaseIterable, Sendable {
  case object = 0
  case directory = 1
  case symlink = 2
  case special = 3

  public var name: String { "\(self)" }
}

/// The columns of a stream of object rows.
public struct ObjectSchema: Equatable, Sendable {
  /// The columns that programs know by name; any other `word` column is one that was asked for.
  public enum Role: String, CaseIterable, Sendable {
    case key, kind, state, size, allocated
    case storageClass = "class"
    case modified, accessed, owner, group, file
    case fileHigh = "file-high"
    case links

    var type: Column.ColumnType {
      switch self {
      case .key: .key
      case .storageClass, .owner, .group: .word
      case .modified, .accessed: .int
      case .kind, .state, .size, .allocated, .file, .fileHigh, .links: .uint
      }
    }
  }

  public let columns: [Column]

  /// The key and the columns of `roles`, then the `words`.
  public init(_ roles: [Role], words: [String] = []) {
    columns =
      [Column(Role.key.rawValue, .key)]
      + Role.allCases.filter { roles.contains($0) && $0 != .key }.map {
        Column($0.rawValue, $0.type)
      }
      + words.map { Column($0, .word) }
  }

  /// Reads the `column` lines of a header.
  public init(_ header: Fields) throws(FormatError) {
    columns = try Column.columns(header, key: Role.key.rawValue)
    for column in columns {
      if let role = Role(rawValue: column.name), role.type != column.type {
        throw FormatError(
          "column '\(column.name)' is of type \(column.type), not \(role.type)", at: 0)
      }
    }
  }

  /// The header of a stream of these rows.
  public var header: Fields {
    var fields = Fields()
    fields.add("kind", "objects")
    for column in columns { fields.add("column", column.name, column.type.rawValue) }
    return fields
  }

  /// The place of a column among the columns.
  public func place(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

  public func place(_ role: Role) -> Int? { place(role.rawValue) }

  public func has(_ role: Role) -> Bool { place(role) != nil }
}

extension PrefixSchema.SizeOf {
  /// The column of object rows that has this size.
  public var column: ObjectSchema.Role { self == .allocated ? .allocated : .size }
}
