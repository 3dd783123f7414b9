import InvSystem

/// Takes a command line apart by the rules of getopt_long(3), without abbreviations: options may
/// follow operands, until "--".
struct ArgumentReader {
  enum Item: Equatable {
    /// The option at a place in the table; a flag has an empty value.
    case option(Int, value: [UInt8])
    case operand([UInt8])
  }

  private let entries: [OptionEntry]
  private var rest: ArraySlice<[UInt8]>
  /// The letters of "-vqo" that are still to come.
  private var letters: ArraySlice<UInt8> = []
  private var areOptionsOver = false

  init(_ arguments: [[UInt8]], _ entries: [OptionEntry]) {
    self.entries = entries
    rest = arguments[...]
  }

  /// The next option or operand; nil at the end.
  mutating func next() throws(Failure) -> Item? {
    if !letters.isEmpty { return try letter() }
    guard let argument = rest.popFirst() else { return nil }
    if areOptionsOver || argument.first != hyphen || argument.count == 1 {
      return .operand(argument)
    }
    if argument == [hyphen, hyphen] {
      areOptionsOver = true
      return try next()
    }
    if argument[1] == hyphen { return try word(argument) }
    letters = argument.dropFirst()
    return try letter()
  }

  private mutating func letter() throws(Failure) -> Item {
    let letter = Character(UnicodeScalar(letters[letters.startIndex]))
    guard let place = entries.firstIndex(where: { $0.letter == letter }) else {
      let text = String(decoding: letters, as: UTF8.self).prefix(1)
      throw .usage("unknown option '-\(printable(String(text)))'")
    }
    letters.removeFirst()
    if entries[place].operand == nil { return .option(place, value: []) }
    let attached = letters
    letters = []
    return .option(place, value: try attached.isEmpty ? following(place) : Array(attached))
  }

  private mutating func word(_ argument: [UInt8]) throws(Failure) -> Item {
    let parts = argument.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].dropFirst(2)
    guard let place = entries.firstIndex(where: { $0.name.utf8.elementsEqual(name) }) else {
      throw .usage(unknown(name))
    }
    let entry = entries[place]
    let attached = parts.count > 1 ? parts[1] : nil
    if entry.operand == nil {
      if attached != nil { throw .usage("option '\(entry.long)' takes no value") }
      return .option(place, value: [])
    }
    guard let attached else { return .option(place, value: try following(place)) }
    if attached.isEmpty { throw .usage(needsValue(entry)) }
    return .option(place, value: Array(attached))
  }

  private mutating func following(_ place: Int) throws(Failure) -> [UInt8] {
    guard let value = rest.popFirst() else { throw .usage(needsValue(entries[place])) }
    return value
  }

  private func needsValue(_ entry: OptionEntry) -> String {
    "option '\(entry.long)' needs a value: \(entry.operand ?? "")"
  }

  private func unknown(_ name: some Collection<UInt8>) -> String {
    let names = entries.filter { !$0.isHidden }.map(\.name)
    let best = nearest(to: String(decoding: name, as: UTF8.self), among: names)
    let advice = best.map { "; did you mean '--\($0)'?" } ?? ""
    return "unknown option '--\(printable(name))'" + advice
  }
}

private let hyphen: UInt8 = 0x2d
