import InvAnswer
import InvFormat

/// Reads a list of prices and bills objects of every class by it; and reads a clause of `--where`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var schema = PrefixSchema(dimensions: [.state, Dimension("class", .word), .size, .age])
  schema.words[1] = ["A", "STANDARD", "STANDARD_IA"].map { Array($0.utf8) }
  if let clause = try? WhereClause(text), let selection = try? Selection(clause, in: schema) {
    precondition(!selection.isEverything)
  }
  guard let list = try? PriceList(text, named: "list") else { return 0 }
  for region in list.regions {
    var cells: [Cell] = []
    let numbers: [UInt64] = [0, 1, 1 << 20, 1 << 45, .max]
    for (place, number) in numbers.enumerated() {
      for word in UInt64(0)..<3 {
        // State, class, size and age take 3, 2, 4 and 4 bits.
        let code = UInt64(place & 1) << 10 | word << 8 | UInt64(2 * place) << 4
        cells.append(Cell(code: code, objects: number, bytes: .max - number))
      }
    }
    guard let pricing = try? Pricing(schema, region, whole: cells) else { continue }
    let bill = pricing.bill(of: cells)
    precondition(bill.total == pricing.total(of: cells))
    precondition(!bill.total.text(places: 6).isEmpty)
    for line in bill.lines { precondition(line.total.order <= bill.total.order) }
  }
  return 0
}
