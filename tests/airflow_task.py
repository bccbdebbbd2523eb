"""
The example of docs/batch.md, with a stand-in for Airflow: its operator hands these to papermill.

Airflow's `PapermillOperator` passes `engine_name=None` and has no parameter to choose another.
"""

import papermill


class PapermillOperator:
    """As much of Airflow's operator as calls papermill."""

    def __init__(self, *, task_id, input_nb, output_nb, parameters=None, kernel_name=None):
        self.task_id, self.input_nb, self.output_nb = task_id, input_nb, output_nb
        self.parameters, self.kernel_name = parameters, kernel_name

    def execute(self, context):
        del context
        papermill.execute_notebook(
            self.input_nb, self.output_nb, parameters=self.parameters, progress_bar=False,
            report_mode=True, kernel_name=self.kernel_name, language=None, engine_name=None,
        )  # fmt: skip
        return self.output_nb
