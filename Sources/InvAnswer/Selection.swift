public import InvFormat
public import InvSystem

/// The points of an index that a `--where` clause allows.
///
/// Words are meant exactly. A range of bands is `LOW..HIGH`, from its lower edge up to, and without, its
/// upper one; either may be left out, and both must be where a band begins. A single value is a range
/// where a band holds nothing else, such as size=0; `unknown` is what has no age, and in no range.
public struct Selection: Equatable, Sendable {
  /// By dimension and value; nil where every value is allowed.
  public private(set) var allowed: [[Bool]?]
  /// The dimensions that are restricted.
  private var restricted: [Int] = []

  /// Everything.
  public init(_ schema: PrefixSchema) {
    allowed = Array(repeating: nil, count: schema.dimensions.count)
  }

  public init(_ clause: WhereClause, in schema: PrefixSchema) throws(Failure) {
    self.init(schema)
    for term in clause.terms {
      let names = schema.dimensions.map { Array($0.name.utf8) }
      guard let place = names.firstIndex(of: term.name) else {
        throw Self.unknown("dimension", term.name, among: names, in: "the index")
      }
      let dimension = schema.dimensions[place]
      var values = [Bool](repeating: false, count: schema.sizes[place])
      for value in term.values {
        if case .band(let edges, let unknown) = dimension.axis {
          let range = BandRange(dimension.name, edges, hasUnknown: unknown)
          for index in try range.indices(value) { values[index] = true }
        } else {
          let words = dimension.names(words: schema.words[place])
          guard let index = words.firstIndex(of: value) else {
            throw Self.unknown(
              "word", value, among: words, in: "dimension '\(dimension.name)'",
              hint: Self.hint(value, dimension))
          }
          values[index] = true
        }
      }
      allowed[place] = values
    }
    restricted = allowed.indices.filter { allowed[$0] != nil }
  }

  /// Allows of the dimension at `place` only `values`, and of them what is allowed so far.
  mutating func restrict(_ place: Int, to values: [Bool]) {
    allowed[place] = allowed[place].map { zip($0, values).map { $0 && $1 } } ?? values
    restricted = allowed.indices.filter { allowed[$0] != nil }
  }

  /// Whether the state is named: where it is not, totals are of current objects only.
  public var restrictsState: Bool { allowed.first.flatMap(\.self) != nil }

  /// The same for totals: only current objects, unless the state is named.
  public var forTotals: Selection {
    guard !restrictsState, !allowed.isEmpty else { return self }
    var selection = self
    selection.allowed[0] = ObjectState.allCases.map { $0 == .current }
    selection.restricted.insert(0, at: 0)
    return selection
  }

  /// Whether every point is allowed.
  public var isEverything: Bool { restricted.isEmpty }

  /// Whether the point with number `point` is allowed.
  @inline(__always)
  public func matches(_ point: UInt64, _ code: PointCode) -> Bool {
    for place in restricted {
      let value = code.value(place, of: point)
      guard let values = allowed[place], value < UInt64(values.count), values[Int(value)] else {
        return false
      }
    }
    return true
  }

  /// What knows names of owners and groups, where the words are numbers of Unix.
  private static func hint(_ value: [UInt8], _ dimension: Dimension) -> String? {
    let isOfAccounts = Accounts.Kind.allCases.contains {
      ValueNames.dimension(of: $0) == dimension.name
    }
    return isOfAccounts && ValueNames.number(value) == nil
      ? "for the name of one there is --\(dimension.name)" : nil
  }

  /// A refusal that names the nearest spelling, or what there is.
  private static func unknown(
    _ what: String, _ word: [UInt8], among names: [[UInt8]], in whole: String, hint: String? = nil
  ) -> Failure {
    let sentence = "\(whole) has no \(what) '\(text8(word))'"
    if let near = nearest(to: word, among: names) {
      return Failure.usage("\(sentence); did you mean '\(text8(near))'?")
    }
    if let hint { return .usage("\(sentence); \(hint)") }
    let limit = 12
    let those = names.prefix(limit).map { text8($0) }.joined(separator: ", ")
    return Failure.usage(
      names.isEmpty
        ? sentence : "\(sentence); it has \(those)" + (names.count > limit ? ", ..." : ""))
  }
}

/// Reads ranges of one dimension of bands.
private struct BandRange {
  let name: String
  let edges: [UInt64]
  let hasUnknown: Bool
  let unit: BandUnit

  init(_ name: String, _ edges: [UInt64], hasUnknown: Bool) {
    (self.name, self.edges, self.hasUnknown) = (name, edges, hasUnknown)
    unit = hasUnknown ? .days : .bytes
  }

  /// The values that `text` means.
  func indices(_ text: [UInt8]) throws(Failure) -> Range<Int> {
    let whole = String(decoding: text, as: UTF8.self)
    if hasUnknown, whole == "unknown" { return edges.count..<edges.count + 1 }
    let shown = "\(name)=\(text8(text))"
    guard let dots = whole.firstRange(of: "..") else {
      let value = try number(whole[...], shown)
      if let index = edges.firstIndex(of: value), index + 1 < edges.count,
        edges[index + 1] - value == 1
      {
        return index..<index + 1
      }
      throw Failure.usage("\(shown): no band holds only that; write a range such as \(example)")
    }
    let low = whole[..<dots.lowerBound]
    let high = whole[dots.upperBound...]
    let first = low.isEmpty ? 0 : try edge(low, shown, "begins")
    let end = high.isEmpty ? edges.count : try edge(high, shown, "ends")
    guard first < end else { throw Failure.usage("\(shown): the range is empty") }
    return first..<end
  }

  private var example: String {
    let middle = edges.count / 2
    return "\(unit.text(edges[max(0, middle - 1)]))..\(unit.text(edges[middle]))"
      .filter { $0 != " " }
  }

  private func number(_ text: Substring, _ shown: String) throws(Failure) -> UInt64 {
    guard let value = unit.value(String(text)) else {
      throw Failure.usage("\(shown): '\(printable(String(text)))' is not \(unit.expectation)")
    }
    return value
  }

  /// The number of the band that begins at `text`.
  private func edge(_ text: Substring, _ shown: String, _ verb: String) throws(Failure) -> Int {
    let value = try number(text, shown)
    guard let index = edges.firstIndex(where: { $0 >= value }) else {
      throw fault(shown, text, verb, edges.suffix(1))
    }
    if edges[index] == value { return index }
    throw fault(shown, text, verb, edges[max(0, index - 1)...index])
  }

  private func fault(
    _ shown: String, _ text: Substring, _ verb: String, _ near: ArraySlice<UInt64>
  ) -> Failure {
    let those = near.map { unit.text($0) }.joined(separator: " and ")
    return Failure.usage(
      "\(shown): no band \(verb) at \(text); the nearest \(near.count > 1 ? "are" : "is") \(those)")
  }
}
