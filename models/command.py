"""What `warmline models` shows and does."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from models.catalogue import Catalogue, Model, load_catalogue
from models.errors import ModelFault, ModelFileError
from models.files import Progress as Advance
from models.files import check, parts
from models.prepare import check_prepared, is_prepared, prepare


def list_models(console: Console, catalogue: Catalogue | None = None) -> None:
    """Every model with its purpose, licence, packages, size and state."""
    table = Table(box=None, header_style="bold")
    for title in ("model", "purpose", "licence", "from", "MB", "state"):
        table.add_column(title, justify="right" if title == "MB" else "left")
    for model in (catalogue or load_catalogue()).model:
        table.add_row(
            model.name,
            model.purpose,
            model.licence,
            "\n".join(model.packages),
            f"{model.size / 1e6:.0f}",
            state(model),
        )
    console.print(table)


def verify_models(console: Console, catalogue: Catalogue | None = None) -> bool:
    """Hash every file of every model, installed and prepared. Returns whether all are as they should be."""
    faults: list[ModelFileError] = []
    with _bar(console) as bar:
        for model in (catalogue or load_catalogue()).model:
            task = bar.add_task(model.name, total=2 * model.size)
            found = _faults(model, lambda count, task=task: bar.advance(task, count))  # type: ignore[misc]
            bar.update(task, completed=2 * model.size)
            for fault in found:
                bar.console.print(f"[red]✖[/red] {fault}", highlight=False)
            faults += found
    console.print("Some files are not as catalogued." if faults else "All files are as catalogued.")
    return not faults


def _faults(model: Model, progress: Advance) -> list[ModelFileError]:
    """What is wrong with a model's installed files, and with its prepared ones when it was prepared."""
    found = []
    for file in model.file:
        try:
            check(model, file, progress)
        except ModelFileError as error:
            found.append(error)
    try:
        check_prepared(model, progress)
    except ModelFileError as error:
        if error.fault is not ModelFault.NOT_PREPARED:
            found.append(error)
    return found


def prepare_models(console: Console, catalogue: Catalogue | None = None, *, anew: bool = False) -> None:
    """Put every model into the cache; those that are there only if `anew`.

    Raises:
        ModelFileError: a file is missing or altered.
    """
    models = (catalogue or load_catalogue()).model
    missing = [model for model in models if anew or not is_prepared(model)]
    if not missing:
        console.print("The models are ready.")
        return
    with _bar(console) as bar:
        for model in missing:
            task = bar.add_task(model.name, total=model.size)
            prepare(model, lambda count, task=task: bar.advance(task, count), anew=anew)  # type: ignore[misc]
            bar.update(task, completed=model.size)
    console.print("The models are ready.")


def state(model: Model) -> str:
    """Ready, installed but not prepared, or missing."""
    if is_prepared(model):
        return "[green]ready[/green]"
    try:
        for file in model.file:
            parts(model, file)
    except ModelFileError:
        return "[red]missing[/red]"
    return "[yellow]to be prepared[/yellow]"


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<14}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
