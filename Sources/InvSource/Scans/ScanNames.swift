import InvBytes
import InvFormat
import InvSystem

/// How lines of `key=value` words are read whatever the order of those.
struct ScanNames: Equatable, Sendable {
  /// What stands before the words.
  enum Head {
    /// Perhaps `<0>`, then inode, generation and snapshot.
    case inode
    /// The FID.
    case fid
  }

  let head: Head
  private let fields: [(name: UInt64, field: ScanField)]
  /// What every line must say.
  let required: ScanRoles
  /// What else is read when the first line says it.
  private(set) var wanted = ScanRoles()

  static func == (one: ScanNames, other: ScanNames) -> Bool {
    one.head == other.head && one.wanted == other.wanted
  }

  static let gpfs = ScanNames(
    .inode,
    [
      ("s", .size), ("a", .kilobytes), ("u", .owner), ("g", .group), ("p", .mode),
      ("ac", .accessedStamp), ("mt", .modifiedStamp), ("nl", .links),
    ], required: [.size, .allocated, .owner, .group, .kind])

  static let lustre = ScanNames(
    .fid,
    [
      ("s", .size), ("b", .blocks), ("u", .owner), ("g", .group), ("type", .kind),
      ("a", .accessed), ("m", .modified), ("nl", .links), ("p", .project),
    ], required: [.size, .allocated, .owner, .group, .kind])

  private init(_ head: Head, _ fields: [(String, ScanField)], required: [ScanRole]) {
    self.head = head
    self.fields = fields.map { (Self.word($0.0.utf8), $0.1) }
    self.required = ScanRoles(required)
  }

  /// Wants what `roles` has, in every line.
  func wanting(_ roles: ScanRoles) -> ScanNames {
    var names = self
    names.wanted = roles
    return names
  }

  private static func word(_ name: some Sequence<UInt8>) -> UInt64 {
    name.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func field(_ name: UInt64) -> ScanField? {
    for (known, field) in fields where known == name { return field }
    return nil
  }

  /// Reads a record; where its path begins, or -1 with what is wrong in `row`.
  func read(
    _ text: RawSpan, _ start: Int, _ end: Int, _ row: inout ScanRow, _ clock: LocalClock
  ) -> Int {
    row = ScanRow()
    var at = readHead(text, start, end, &row)
    guard at >= 0 else { return -1 }
    var seen = ScanRoles([.file, .fileHigh, .generation, .snapshot, .path])
    while true {
      switch ScanWord.next(text, &at, end) {
      case .path:
        guard let missing = wanted.first(notIn: seen) else { return at }
        row.verdict = missing.absence
        return -1
      case .none: return -1
      case .pair(let name, let value):
        guard let field = field(name), let role = field.role else { continue }
        guard wanted.has(role) else {
          // The project is not read unless it is asked for.
          if role != .project { row.saysMore = true }
          continue
        }
        guard seen.insert(role) else {
          row.verdict = .repeatedField
          return -1
        }
        let stop = row.take(
          field, text, value.lowerBound, value.upperBound, stop: 0x20, separator: 0x20, clock)
        guard stop == value.upperBound else {
          row.verdict = field.fault
          return -1
        }
      }
    }
  }

  private static let fid: [ScanField] = [.fid]
  private static let inode: [ScanField] = [.inode, .generation, .snapshot]
  private static let node: [ScanField] = [.node] + inode

  /// What the words before those with `=` are.
  private func headFields(_ text: RawSpan, _ start: Int) -> [ScanField] {
    if head == .fid { return Self.fid }
    return text.u8(at: start) == 0x3c ? Self.node : Self.inode
  }

  private func readHead(_ text: RawSpan, _ start: Int, _ end: Int, _ row: inout ScanRow) -> Int {
    var at = start
    for field in headFields(text, start) {
      let word = ScanWord.word(text, &at, end)
      guard word.count > 0, at < end else { return -1 }
      let isNode = field == .node
      let stop = row.take(
        field, text, isNode ? word.lowerBound + 1 : word.lowerBound, at, stop: isNode ? 0x3e : 0x20,
        separator: 0, .utc)
      guard stop == (isNode ? at - 1 : at) else { return -1 }
    }
    // A fourth number: one of them is none of these.
    var ahead = at
    let word = ScanWord.word(text, &ahead, end)
    var number: UInt64 = 0
    return !word.isEmpty && text.number(word.lowerBound, &number) == ahead ? -1 : at
  }

  /// The template of lines like the one in `text`, which `read` has found good with what was required
  /// only: what it says in the same places, as far as `carried` has it.
  func template(
    _ text: RawSpan, _ start: Int, _ end: Int, without excluded: ScanRoles
  ) throws(Failure) -> ScanTemplate {
    var at = start
    var fields = headFields(text, start).map { field in
      let word = ScanWord.word(text, &at, end)
      return (field, field == .node ? word.lowerBound + 1..<word.upperBound - 1 : word)
    }
    loop: while true {
      switch ScanWord.next(text, &at, end) {
      case .path, .none: break loop
      case .pair(let name, let value):
        if let field = field(name), let role = field.role, !excluded.has(role),
          !fields.contains(where: { $0.0.role == role })
        {
          fields.append((field, value))
        } else {
          var inner = value.lowerBound
          while inner < value.upperBound {
            let isFirst = inner == value.lowerBound
            let word = ScanWord.word(text, &inner, value.upperBound)
            fields.append((isFirst ? .word : .plainWord, word))
          }
        }
      }
    }
    var parts: [ScanTemplate.Part] = []
    var last = start
    for (field, place) in fields + [(.path, at..<end)] {
      if place.lowerBound > last { parts.append(.text(text.array(last..<place.lowerBound))) }
      let isStamp = field == .accessedStamp || field == .modifiedStamp
      parts.append(isStamp ? .stamp(field, separator: 0x20) : .field(field))
      last = place.upperBound
    }
    return try ScanTemplate(parts, terminator: newline)
  }
}

/// A word of a line with `=` in it, and what belongs to it.
enum ScanWord {
  /// A name of at most eight bytes, as a number, and the value up to the next such word.
  case pair(name: UInt64, value: Range<Int>)
  /// What follows is the path.
  case path
  case none

  /// The next word with `=` at or behind `at`, which goes behind it.
  static func next(_ text: RawSpan, _ at: inout Int, _ end: Int) -> ScanWord {
    while true {
      if isEnd(text, &at, end) { return .path }
      let word = word(text, &at, end)
      if word.isEmpty { return .none }
      guard let (name, start) = name(text, word) else { continue }
      // What has no `=` belongs to what came before it, as the time of day does to the date.
      var last = at
      var ahead = at
      while !isEnd(text, &ahead, end) {
        let more = Self.word(text, &ahead, end)
        if more.isEmpty || Self.name(text, more) != nil { break }
        last = more.upperBound
      }
      at = last
      return .pair(name: name, value: start..<last)
    }
  }

  /// Passes over `-- ` if it is next.
  private static func isEnd(_ text: RawSpan, _ at: inout Int, _ end: Int) -> Bool {
    var ahead = at
    let word = word(text, &ahead, end)
    guard word.count == 2, word.upperBound < end, text.u16(at: word.lowerBound) == 0x2d2d else {
      return false
    }
    at = word.upperBound + 1
    return true
  }

  /// The bytes up to the next blank, behind blanks.
  static func word(_ text: RawSpan, _ at: inout Int, _ end: Int) -> Range<Int> {
    var start = at
    while start < end && text.u8(at: start) == 0x20 { start += 1 }
    at = text.place(of: 0x20, start, end)
    return start..<at
  }

  /// What stands before the `=` of a word, and where the value begins; nil where it is no name.
  private static func name(_ text: RawSpan, _ word: Range<Int>) -> (UInt64, Int)? {
    var name: UInt64 = 0
    for place in word {
      let byte = text.u8(at: place)
      if byte == 0x3d { return place > word.lowerBound ? (name, place + 1) : nil }
      let isLetter = (byte | 0x20) &- 0x61 < 26 || byte == 0x5f
      guard isLetter || (byte &- 0x30 <= 9 && place > word.lowerBound) else { return nil }
      // A longer name is none that is known.
      let shift = UInt64(8 * min(place - word.lowerBound, 7))
      name |= UInt64(byte) << shift
    }
    return nil
  }
}
