public import InvSystem
import InvText

/// The price of a GiB for a month up to `end` bytes of a class in all.
struct PriceStep: Equatable, Sendable {
  let price: Price
  /// Nil in the last step.
  let end: UInt64?
}

/// What storing objects of one class costs: inv-prices(5).
public struct ClassPrice: Equatable, Sendable {
  /// As the index has it, or `*` for every class without a price of its own.
  public let name: [UInt8]
  var steps: [PriceStep] = []
  /// Smaller objects are billed as if they had this size.
  var minimum: UInt64?
  /// Bytes that every object adds at the price of its class.
  var overhead: UInt64?
  /// Bytes that every object adds at the price of another class.
  var overheadElsewhere: Elsewhere?
  /// What watching a thousand objects of this size or more costs.
  var monitoring: (price: Price, from: UInt64)?
  /// Objects below this size are billed as objects of another class.
  var small: Elsewhere?

  /// A size, and the class that it concerns.
  struct Elsewhere: Equatable, Sendable {
    let size: UInt64
    let name: [UInt8]
  }

  init(_ name: [UInt8]) { self.name = name }

  public static func == (one: ClassPrice, other: ClassPrice) -> Bool {
    one.name == other.name && one.steps == other.steps && one.minimum == other.minimum
      && one.overhead == other.overhead && one.overheadElsewhere == other.overheadElsewhere
      && one.monitoring?.price == other.monitoring?.price
      && one.monitoring?.from == other.monitoring?.from && one.small == other.small
  }

  /// The sizes that the bands of an index must part.
  var edges: [UInt64] {
    [minimum, monitoring?.from, small?.size].compactMap(\.self)
  }

  /// The name for messages.
  var text: String { String(decoding: TextEscape.escaped(name), as: UTF8.self) }
}

/// The prices of one region, and where they come from.
public struct PriceRegion: Equatable, Sendable {
  public let name: String
  public internal(set) var currency: String
  /// `2025-10-28`: when these were the prices.
  public internal(set) var date = ""
  /// Each line of it.
  public internal(set) var sources: [String] = []
  public internal(set) var classes: [ClassPrice] = []

  /// The place in `classes` of what is paid for `name`; nil where that is not known.
  func place(of name: [UInt8]) -> Int? {
    classes.firstIndex { $0.name == name } ?? classes.firstIndex { $0.name == anyClass }
  }
}

/// The class `*`.
let anyClass: [UInt8] = [0x2a]

/// The prices of one file: inv-prices(5).
public struct PriceList: Equatable, Sendable {
  /// What it goes by in messages.
  public let name: String
  public internal(set) var regions: [PriceRegion] = []

  init(named name: String) { self.name = name }

  /// No list is longer.
  public static let limit = 1 << 20

  /// The prices that come with the program.
  public static var shipped: PriceList {
    get throws(Failure) { try PriceList(Array(shippedText.utf8), named: "the shipped list") }
  }

  /// The text of the prices that come with the program.
  public static var shippedText: String { shippedPrices }

  /// The region of that name, or the only one; a refusal names those there are.
  public func region(_ wanted: String?) throws(Failure) -> PriceRegion {
    let those = regions.map { printable($0.name) }.joined(separator: ", ")
    guard let wanted else {
      if regions.count == 1 { return regions[0] }
      throw Failure.usage("\(printable(name)) has prices of more than one region: \(those)")
    }
    guard let region = regions.first(where: { $0.name == wanted }) else {
      throw Failure.usage(
        "no prices for region '\(printable(wanted))': \(printable(name)) has \(those)")
    }
    return region
  }
}
