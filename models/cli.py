"""`warmline models`: what it is given on the command line."""

from typing import Annotated

import typer

from terminal import console, fail

app = typer.Typer(invoke_without_command=True, help="The model weights: list, verify, prepare.")


@app.callback()
def models_default(context: typer.Context) -> None:
    """Show every model, its source and its state."""
    if context.invoked_subcommand is None:
        models_list()


@app.command("list")
def models_list() -> None:
    """Show every model, its source and its state."""
    from models.command import list_models

    list_models(console)


@app.command("verify")
def models_verify() -> None:
    """Check every file's sha256."""
    from models.command import verify_models

    raise typer.Exit(0 if verify_models(console) else 1)


@app.command("prepare")
def models_prepare(
    anew: Annotated[bool, typer.Option(help="Also those that are there.")] = False,
) -> None:
    """Put the models into the user's cache in the form they are loaded from."""
    from models.command import prepare_models
    from models.errors import ModelFileError

    try:
        prepare_models(console, anew=anew)
    except ModelFileError as error:
        fail(str(error))
