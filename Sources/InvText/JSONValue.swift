/// A JSON value (RFC 8259). Strings are bytes, because names in inventories need not be UTF-8.
public indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string([UInt8])
  case array([JSONValue])
  case object(JSONObject)

  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }
  public var bytes: [UInt8]? { if case .string(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The string as text; nil when it is not UTF-8, or no string.
  public var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

  /// The member of that name, when this is an object that has it.
  public subscript(_ key: String) -> JSONValue? { object?[key] }
}

/// A JSON number as it was written.
public struct JSONNumber: Equatable, Sendable {
  public let text: String

  init(text: String) { self.text = text }

  /// The number, when it is written without a fraction and an exponent and fits.
  public var uint64: UInt64? { text == "-0" ? 0 : UInt64(text) }
}

/// The members of a JSON object in the order they were written; no two have the same key.
public struct JSONObject: Equatable, Sendable {
  public struct Member: Equatable, Sendable {
    public let key: [UInt8]
    public let value: JSONValue
  }

  public private(set) var members: [Member] = []
  // Where each key stands; empty while there are so few that looking at all of them is faster.
  private var places: [[UInt8]: Int] = [:]
  private static let few = 8

  init() {}

  public subscript(_ key: [UInt8]) -> JSONValue? { place(of: key).map { members[$0].value } }

  public subscript(_ key: String) -> JSONValue? { self[Array(key.utf8)] }

  /// Whether there is a member of that name.
  func has(_ key: [UInt8]) -> Bool { place(of: key) != nil }

  /// Appends a member whose key is new.
  mutating func append(_ key: [UInt8], _ value: JSONValue) {
    members.append(Member(key: key, value: value))
    if members.count == Self.few + 1 {
      for (place, member) in members.enumerated() { places[member.key] = place }
    } else if members.count > Self.few {
      places[key] = members.count - 1
    }
  }

  private func place(of key: [UInt8]) -> Int? {
    members.count > Self.few ? places[key] : members.firstIndex { $0.key == key }
  }
}
