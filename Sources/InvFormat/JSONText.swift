import InvText

/// A JSON object that is being written: a member a line, the elements of its lists a line each.
struct JSONText {
  private var text: [UInt8] = [0x7b]
  /// How many objects and lists are open.
  private var depth = 1
  private var isFirst = true

  /// Ends the object.
  consuming func end() -> [UInt8] {
    text += "\n}\n".utf8
    return text
  }

  private mutating func separate() {
    if !isFirst { text.append(0x2c) }
    if depth <= 2 {
      text.append(0x0a)
      text += [UInt8](repeating: 0x20, count: 2 * depth)
    } else if !isFirst {
      text.append(0x20)
    }
    isFirst = false
  }

  private mutating func name(_ name: String) {
    separate()
    JSON.appendString(Array(name.utf8), to: &text)
    text += ": ".utf8
  }

  mutating func member(_ name: String, _ bytes: [UInt8]?) {
    self.name(name)
    if let bytes { JSON.appendString(bytes, to: &text) } else { text += "null".utf8 }
  }

  mutating func member(_ name: String, _ value: String?) {
    member(name, value.map { Array($0.utf8) })
  }

  mutating func member(_ name: String, _ number: UInt64?) {
    self.name(name)
    text += (number.map { "\($0)" } ?? "null").utf8
  }

  mutating func member(_ name: String, _ truth: Bool) {
    self.name(name)
    text += "\(truth)".utf8
  }

  /// A list of objects, whose members `body` adds.
  mutating func list<Element>(
    _ name: String, _ elements: [Element], _ body: (inout JSONText, Element) -> Void
  ) {
    self.name(name)
    text.append(0x5b)
    depth += 1
    isFirst = true
    for element in elements {
      separate()
      text.append(0x7b)
      depth += 2
      isFirst = true
      body(&self, element)
      depth -= 2
      isFirst = false
      text.append(0x7d)
    }
    depth -= 1
    if !elements.isEmpty && depth < 2 {
      text.append(0x0a)
      text += [UInt8](repeating: 0x20, count: 2 * depth)
    }
    isFirst = false
    text.append(0x5d)
  }

  /// A list of strings.
  mutating func list(_ name: String, strings: [[UInt8]]) {
    list(name, values: strings) { JSON.appendString($0, to: &$1) }
  }

  /// A list of strings and of null for nil.
  mutating func list(_ name: String, optionals: [[UInt8]?]) {
    list(name, values: optionals) { string, text in
      if let string { JSON.appendString(string, to: &text) } else { text += "null".utf8 }
    }
  }

  /// A list of numbers.
  mutating func list(_ name: String, numbers: [UInt64]) {
    list(name, values: numbers) { $1 += "\($0)".utf8 }
  }

  private mutating func list<Element>(
    _ name: String, values: [Element], _ write: (Element, inout [UInt8]) -> Void
  ) {
    self.name(name)
    text.append(0x5b)
    for (place, value) in values.enumerated() {
      if place > 0 { text += ", ".utf8 }
      write(value, &text)
    }
    text.append(0x5d)
  }
}
