/// A text that a tool shows instead of doing its work.
enum Page: String, CaseIterable, OptionValue {
  case help, version, man, bash, zsh, fish
}

/// The options that every tool has; `--print` is for those who build the pages, and hidden.
let pageOptions: [Option<Page?>] = [
  .flag("help", nil, "show this help and leave") { $0 = .help },
  .flag("version", nil, "show the versions of program and formats") { $0 = .version },
  .value("print", nil, "PAGE", "show a page made from the options") { $0 = $1 }.hidden,
]

extension OptionTable {
  func text(of page: Page) -> String {
    switch page {
    case .help: help
    case .version: version
    case .man: manual
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }
}
