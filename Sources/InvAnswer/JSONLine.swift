import InvText

/// One JSON object on one line, while it is being written.
public struct JSONLine: Sendable {
  private var members: [UInt8] = []

  public init() {}

  public var text: [UInt8] { [0x7b] + members + [0x7d] }

  private mutating func name(_ name: String) {
    if !members.isEmpty { members.append(0x2c) }
    JSON.appendString(Array(name.utf8), to: &members)
    members.append(0x3a)
  }

  private mutating func null() { members += "null".utf8 }

  public mutating func member(_ name: String, _ bytes: [UInt8]?) {
    self.name(name)
    if let bytes { JSON.appendString(bytes, to: &members) } else { null() }
  }

  public mutating func member(_ name: String, _ number: UInt64?) {
    self.name(name)
    if let number { members.append(decimal: number) } else { null() }
  }

  public mutating func member(_ name: String, _ amount: Amount?) {
    self.name(name)
    if let amount { members += amount.bytes(places: 6) } else { null() }
  }

  public mutating func member(_ name: String, list strings: [[UInt8]?]) {
    self.name(name)
    members.append(0x5b)
    for (number, string) in strings.enumerated() {
      if number > 0 { members.append(0x2c) }
      if let string { JSON.appendString(string, to: &members) } else { null() }
    }
    members.append(0x5d)
  }

  public mutating func member<Element>(
    _ name: String, _ elements: [Element]?, _ body: (inout JSONLine, Element) -> Void
  ) {
    self.name(name)
    guard let elements else { return null() }
    members.append(0x5b)
    for (number, element) in elements.enumerated() {
      if number > 0 { members.append(0x2c) }
      var object = JSONLine()
      body(&object, element)
      members += object.text
    }
    members.append(0x5d)
  }
}
