import InvSystem

/// Reads a template: text, and the directives of find's -printf.
struct ScanTemplateReader {
  private let text: [UInt8]
  private var at = 0
  private var found: [ScanTemplate.Part] = []
  private(set) var terminator: UInt8 = newline

  init(_ text: [UInt8]) { self.text = text }

  /// The parts of the template; afterwards `terminator` is known.
  mutating func parts() throws(Failure) -> [ScanTemplate.Part] {
    while let byte = take() {
      switch byte {
      case percent: try directive()
      case 0x5c:
        let escaped = try escape()
        let isLast = at == text.count
        if isLast && (escaped == 0 || escaped == newline) {
          terminator = escaped
        } else {
          add(escaped)
        }
      default: add(byte)
      }
    }
    return found
  }

  private mutating func take() -> UInt8? {
    guard at < text.count else { return nil }
    defer { at += 1 }
    return text[at]
  }

  private mutating func add(_ byte: UInt8) {
    if case .text(let before)? = found.last {
      found[found.count - 1] = .text(before + [byte])
    } else {
      found.append(.text([byte]))
    }
  }

  private mutating func escape() throws(Failure) -> UInt8 {
    switch take() {
    case 0x30: return 0
    case 0x6e: return newline
    case 0x74: return 0x09
    case 0x5c: return 0x5c
    default: throw .usage("--template: a \\ that is none of \\0, \\n, \\t and \\\\")
    }
  }

  private mutating func directive() throws(Failure) {
    let start = at - 1
    guard let letter = take() else { throw unknown(start) }
    switch letter {
    case percent: add(percent)
    case 0x2a: found.append(.field(.skipped))
    case 0x7b: found.append(.field(try named(start)))
    case 0x41: try time(start, .accessed, .accessedStamp)
    case 0x54: try time(start, .modified, .modifiedStamp)
    case 0x42, 0x43: try time(start, .word, .word)
    case 0x4c: found.append(.field(try lustre(start)))
    default:
      guard let field = Self.fields[letter] else { throw unknown(start) }
      found.append(.field(field))
    }
  }

  private static let fields: [UInt8: ScanField] = [
    0x69: .inode, 0x44: .device, 0x6e: .links,  // i D n
    0x73: .size, 0x62: .blocks, 0x6b: .kilobytes,  // s b k
    0x55: .owner, 0x47: .group, 0x75: .ownerName, 0x67: .groupName,  // U G u g
    0x79: .kind, 0x4d: .mode, 0x6d: .word,  // y M m
    0x70: .path, 0x50: .relativePath,  // p P
  ]

  /// `%{gen}` and `%{snap}`, which only GPFS has.
  private mutating func named(_ start: Int) throws(Failure) -> ScanField {
    var name: [UInt8] = []
    while let byte = take() {
      if byte == 0x7d {
        if name.elementsEqual("gen".utf8) { return .generation }
        if name.elementsEqual("snap".utf8) { return .snapshot }
        break
      }
      name.append(byte)
    }
    throw unknown(start)
  }

  /// `%LF` and `%LP`.
  private mutating func lustre(_ start: Int) throws(Failure) -> ScanField {
    switch take() {
    case 0x46: return .fid
    case 0x50: return .project
    default: throw unknown(start)
    }
  }

  /// `%A@`, `%A+`, or `%AF`, a byte and `%AT`.
  private mutating func time(_ start: Int, _ seconds: ScanField, _ stamp: ScanField)
    throws(Failure)
  {
    let letter = text[at - 1]
    let form = take()
    if seconds == .word {
      guard form == 0x40 || form == 0x2b || form == 0x46 || form == 0x54 else {
        throw unknown(start)
      }
      found.append(.field(.word))
      return
    }
    switch form {
    case 0x40: found.append(.field(seconds))
    case 0x2b: found.append(.stamp(stamp, separator: 0x2b))
    case 0x46:
      guard at + 4 <= text.count, text[at + 1...at + 3] == [percent, letter, 0x54],
        text[at] != percent, text[at] != 0x5c
      else { throw .usage("--template: a date such as %AF, one byte and no time such as %AT") }
      found.append(.stamp(stamp, separator: text[at]))
      at += 4
    default: throw unknown(start)
    }
  }

  private func unknown(_ start: Int) -> Failure {
    let directive = printable(String(decoding: text[start..<at], as: UTF8.self))
    return .usage("--template: \(directive) is not known; %* passes over what it stands for")
  }
}
