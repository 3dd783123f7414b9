import InvCLI
import InvFormat
import InvSystem

/// Prints each operand, or standard input, and returns how many rows and bytes were read.
func show(_ settings: Settings, _ operands: [Operand]) throws(Failure) -> (UInt64, UInt64) {
  guard settings.codec == .none else { throw .usage("--compress is for --load") }
  let printer = StreamPrinter(
    TextOutput(), format: settings.format == .json ? .json : .text, rowsOnly: settings.isRowsOnly)
  var bytes: UInt64 = 0
  for operand in operands.isEmpty ? [Operand(bytes: [0x2d])] : operands {
    if try isIndex(operand) {
      MappedFile.reportTruncation("inv-cat: a file of an index was cut short while it was read")
      try show(IndexStream(try operand.path(), tool: "inv-cat"), printer)
    } else {
      bytes += try printer.show(try opened(operand))
    }
  }
  return (printer.rows, bytes)
}

private func isIndex(_ operand: Operand) throws(Failure) -> Bool {
  operand.bytes == [0x2d] ? false : try Index.isIndex(try operand.path())
}

/// Prints the rows that an index was made of; why it cannot be read comes before what followed.
private func show(_ stream: IndexStream, _ printer: StreamPrinter) throws(Failure) {
  do throws(Failure) { try printer.show(try stream.open()) } catch {
    try stream.close()
    throw error
  }
  try stream.close()
}

/// Makes a stream of the text of the operand, or of standard input.
func load(_ settings: Settings, _ operands: [Operand]) throws(Failure) {
  guard operands.count <= 1 else { throw .usage("--load takes one text") }
  try refuseTerminal(.standardOutput)
  let input = try opened(operands.first ?? Operand(bytes: [0x2d]))
  let loader = StreamLoader(input, to: .standardOutput, codec: settings.codec, tool: "inv-cat")
  try loader.load()
}

private func opened(_ operand: Operand) throws(Failure) -> Descriptor {
  operand.bytes == [0x2d] ? .standardInput : try .reading(try operand.path())
}
