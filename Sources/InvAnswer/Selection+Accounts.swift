public import InvFormat
public import InvSystem

extension Selection {
  /// Allows only what is of one of `people`: each a word of the index, a name, or a number, in this order.
  ///
  /// A number that owns nothing allows nothing; a name that nobody has is refused.
  public mutating func restrict(
    to people: [[UInt8]], _ kind: Accounts.Kind, _ schema: PrefixSchema,
    _ accounts: any AccountNames
  ) throws(Failure) {
    let place = try schema.place(of: kind)
    var values = [Bool](repeating: false, count: schema.words[place].count)
    for person in people {
      let words = schema.words[place]
      if let value = words.firstIndex(of: person) {
        values[value] = true
        continue
      }
      var numbers = try accounts.numbers(kind, of: person)
      if numbers.isEmpty, let number = Self.number(person) { numbers = [number] }
      if numbers.isEmpty, person.allSatisfy({ (0x30...0x39).contains($0) }) {
        throw .usage("the numbers of \(kind.rawValue)s end at \(UInt32.max): '\(text8(person))'")
      }
      if numbers.isEmpty { throw Self.stranger(person, kind, schema, place, accounts) }
      for number in numbers {
        if let value = words.firstIndex(of: Array("\(number)".utf8)) { values[value] = true }
      }
    }
    restrict(place, to: values)
  }

  /// A number as people may write it, with zeros in front too.
  private static func number(_ person: [UInt8]) -> UInt32? {
    let digits = person.drop { $0 == 0x30 }
    if digits.isEmpty { return person.isEmpty ? nil : 0 }
    return ValueNames.number(Array(digits))
  }

  private static func stranger(
    _ person: [UInt8], _ kind: Accounts.Kind, _ schema: PrefixSchema, _ place: Int,
    _ accounts: any AccountNames
  ) -> Failure {
    let names = ValueNames(schema, accounts).names(in: place) + accounts.names(kind)
    let others = names.filter { $0 != person }
    let near = nearest(to: person, among: others).map { "; did you mean '\(text8($0))'?" } ?? ""
    return .usage("no \(kind.rawValue) is called '\(text8(person))'\(near)")
  }
}

extension PrefixSchema {
  /// The place of the dimension that tells whose something is.
  public func place(of kind: Accounts.Kind) throws(Failure) -> Int {
    let name = ValueNames.dimension(of: kind)
    if let place = dimensions.firstIndex(where: { $0.name == name && $0.axis == .word }) {
      return place
    }
    let those = dimensions.map(\.name).joined(separator: ", ")
    throw .usage("the index has no dimension '\(name)'; it has \(those)")
  }
}
