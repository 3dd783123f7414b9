import InvCLI

command.main(parse)
