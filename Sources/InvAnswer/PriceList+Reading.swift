public import InvSystem
import InvBytes
import InvText

extension PriceList {
  /// Reads the list in the file at `path`.
  public init(file path: String) throws(Failure) {
    try self.init(try Descriptor.reading(path).contents(limit: Self.limit), named: path)
  }

  /// Reads a list; what is wrong is told with its line.
  public init(_ text: [UInt8], named name: String) throws(Failure) {
    var reader = PriceReader(list: PriceList(named: name))
    guard text.count <= Self.limit else {
      throw Failure.data("\(printable(name)) is longer than \(Self.limit) bytes")
    }
    for line in text.split(separator: 0x0a, omittingEmptySubsequences: false) {
      try reader.read(line)
    }
    self = try reader.finish()
  }
}

/// Reads the lines of a list of prices: inv-prices(5).
private struct PriceReader {
  var list: PriceList
  private var number = 0
  private var hasVersion = false
  private var currency: String?
  /// Where the present region and class begin.
  private var regionLine = 0
  private var classLine = 0
  private var words: [ArraySlice<UInt8>] = []

  private static let regionLimit = 1000
  private static let classLimit = 256
  /// Neither a minimum nor what an object adds is more, so that no sum of bytes can overflow.
  private static let sizeLimit: UInt64 = 16 << 20

  init(list: PriceList) { self.list = list }

  private func fault(_ what: String, line: Int? = nil) -> Failure {
    Failure.data("\(printable(list.name)): line \(line ?? number): \(what)")
  }

  mutating func read(_ line: ArraySlice<UInt8>) throws(Failure) {
    number += 1
    if let byte = line.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) {
      throw fault("a bare control byte \(byte)")
    }
    words = line.split { $0 == 0x20 || $0 == 0x09 }
    guard let first = words.first, first.first != 0x23 else { return }
    let directive = text(first)
    guard hasVersion || directive == "prices" else {
      throw fault("a list of prices begins with 'prices 1'")
    }
    switch directive {
    case "prices": try readVersion()
    case "currency": currency = try word(1, "a currency", last: true)
    case "region": try beginRegion()
    case "date": try readDate()
    case "source": try readSource(line)
    case "class": try beginClass()
    case "price", "minimum", "overhead", "monitor", "below": try readRule(directive)
    default: throw fault("'\(printable(directive))' is no directive")
    }
  }

  /// The list, when all of it is there.
  mutating func finish() throws(Failure) -> PriceList {
    try endRegion()
    guard hasVersion, !list.regions.isEmpty else {
      throw Failure.data("\(printable(list.name)) has no prices")
    }
    return list
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private func word(_ place: Int, _ what: String, last: Bool = false) throws(Failure) -> String {
    guard place < words.count else { throw fault("no \(what.drop { $0 != " " }.dropFirst())") }
    guard !last || words.count == place + 1 else { throw fault("something after \(what)") }
    guard let text = String(validating: words[place], as: UTF8.self) else {
      throw fault("\(what) that is not UTF-8")
    }
    return text
  }

  private mutating func readVersion() throws(Failure) {
    guard !hasVersion else { throw fault("'prices' is there twice") }
    guard try word(1, "a version", last: true) == "1" else {
      throw fault("version \(printable(text(words[1]))) was made for a newer inv")
    }
    hasVersion = true
  }

  private mutating func beginRegion() throws(Failure) {
    try endRegion()
    let name = try word(1, "a region", last: true)
    guard let currency else { throw fault("no currency before the first region") }
    guard !list.regions.contains(where: { $0.name == name }) else {
      throw fault("region '\(printable(name))' is there twice")
    }
    guard list.regions.count < Self.regionLimit else { throw fault("too many regions") }
    list.regions.append(PriceRegion(name: name, currency: currency))
    regionLine = number
  }

  private mutating func readDate() throws(Failure) {
    let date = try word(1, "a date", last: true)
    guard !list.regions.isEmpty else { throw fault("a date before the first region") }
    guard date.utf8.count == 10, (try? Timestamp.seconds(from: Array(date.utf8))) != nil else {
      throw fault("a date is such as 2026-11-01")
    }
    list.regions[list.regions.count - 1].date = date
  }

  private mutating func readSource(_ line: ArraySlice<UInt8>) throws(Failure) {
    _ = try word(1, "a source")
    guard !list.regions.isEmpty else { throw fault("a source before the first region") }
    guard let source = String(validating: line[words[1].startIndex...], as: UTF8.self) else {
      throw fault("a source that is not UTF-8")
    }
    list.regions[list.regions.count - 1].sources.append(source)
  }

  private func className(_ place: Int) throws(Failure) -> [UInt8] {
    guard place < words.count else { throw fault("no class") }
    guard words.count == place + 1 else { throw fault("something after the class") }
    do { return try TextEscape.unescaped(words[place]) } catch {
      throw fault("the class has \(error.what)")
    }
  }

  private mutating func beginClass() throws(Failure) {
    try endClass()
    guard let region = list.regions.last else { throw fault("a class before the first region") }
    let name = try className(1)
    guard !region.classes.contains(where: { $0.name == name }) else {
      throw fault("class '\(printable(text(words[1])))' is there twice")
    }
    guard region.classes.count < Self.classLimit else { throw fault("too many classes") }
    list.regions[list.regions.count - 1].classes.append(ClassPrice(name))
    classLine = number
  }

  private func endClass() throws(Failure) {
    guard let last = list.regions.last?.classes.last else { return }
    guard last.steps.last?.end == nil, !last.steps.isEmpty else {
      throw fault("class '\(printable(last.text))' has no last price", line: classLine)
    }
  }

  private func endRegion() throws(Failure) {
    try endClass()
    guard let region = list.regions.last else { return }
    func ask(_ isThere: Bool, _ what: String) throws(Failure) {
      guard isThere else {
        throw fault("region '\(printable(region.name))' has no \(what)", line: regionLine)
      }
    }
    try ask(!region.date.isEmpty, "date")
    try ask(!region.sources.isEmpty, "source")
    try ask(!region.classes.isEmpty, "class")
    for price in region.classes {
      for other in [price.overheadElsewhere, price.small].compactMap(\.self) {
        let isThere = region.classes.contains { $0.name == other.name }
        let name = String(decoding: TextEscape.escaped(other.name), as: UTF8.self)
        try ask(isThere, "class '\(name)', which '\(price.text)' needs")
      }
    }
  }
}

extension PriceReader {
  private func price(_ place: Int) throws(Failure) -> Price {
    guard place < words.count else { throw fault("no price") }
    guard let price = Price(words[place]) else {
      throw fault(
        "'\(printable(text(words[place])))' is not a price of at most \(Price.places) decimals")
    }
    return price
  }

  private func size(_ place: Int, limit: UInt64 = sizeLimit) throws(Failure) -> UInt64 {
    guard place < words.count else { throw fault("no size") }
    guard let size = HumanSize.bytes(text(words[place])), size > 0 else {
      throw fault("'\(printable(text(words[place])))' is not a size such as 128KiB")
    }
    guard size <= limit else { throw fault("a size over \(HumanSize.text(bytes: limit))") }
    return size
  }

  private func expect(_ word: String, _ place: Int) throws(Failure) {
    guard place < words.count, text(words[place]) == word else { throw fault("no '\(word)'") }
  }

  private func ending(at place: Int) throws(Failure) {
    guard words.count == place else { throw fault("something after the last word") }
  }

  private mutating func readRule(_ directive: String) throws(Failure) {
    guard let region = list.regions.last, var price = region.classes.last else {
      throw fault("'\(directive)' before the first class of a region")
    }
    func once(_ isFree: Bool) throws(Failure) {
      guard isFree else { throw fault("'\(directive)' is there twice") }
    }
    switch directive {
    case "price": try readStep(&price)
    case "minimum":
      try once(price.minimum == nil)
      price.minimum = try size(1)
      try ending(at: 2)
    case "overhead" where words.count > 2:
      try once(price.overheadElsewhere == nil)
      try expect("at", 2)
      price.overheadElsewhere = ClassPrice.Elsewhere(size: try size(1), name: try className(3))
    case "overhead":
      try once(price.overhead == nil)
      price.overhead = try size(1)
    case "monitor":
      try once(price.monitoring == nil)
      try expect("from", 2)
      price.monitoring = (try self.price(1), try size(3))
      try ending(at: 4)
    default:
      try once(price.small == nil)
      try expect("as", 2)
      price.small = ClassPrice.Elsewhere(size: try size(1), name: try className(3))
    }
    let place = list.regions.count - 1
    list.regions[place].classes[list.regions[place].classes.count - 1] = price
  }

  private func readStep(_ price: inout ClassPrice) throws(Failure) {
    let step: PriceStep
    if words.count > 2 {
      try expect("to", 2)
      step = PriceStep(price: try self.price(1), end: try size(3, limit: .max))
      try ending(at: 4)
    } else {
      step = PriceStep(price: try self.price(1), end: nil)
    }
    if let last = price.steps.last {
      guard let end = last.end else { throw fault("a price after the last") }
      guard step.end ?? .max > end else { throw fault("the steps do not rise") }
    }
    price.steps.append(step)
  }
}
