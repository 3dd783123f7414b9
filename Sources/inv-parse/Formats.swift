import InvSource
import InvSystem

/// Prints the table of formats: name, what writes it, how it is recognised.
func listFormats() throws(Failure) -> ExitStatus {
  var output = TextOutput()
  let isTerminal = output.isTerminal
  for format in SourceFormat.allCases {
    let cells = [format.rawValue, format.what, format.mark]
    try output.write(isTerminal ? padded(cells) : cells.joined(separator: "\t") + "\n")
  }
  try output.finish()
  return .yes
}

private func padded(_ cells: [String]) -> String {
  let widths = [
    SourceFormat.allCases.map(\.rawValue.count).max() ?? 0,
    SourceFormat.allCases.map(\.what.count).max() ?? 0,
  ]
  var line = ""
  for (cell, width) in zip(cells, widths) {
    line += cell + String(repeating: " ", count: width - cell.count + 2)
  }
  return line + (cells.last ?? "") + "\n"
}
